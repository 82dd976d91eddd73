"""Judgements on coupons: each applies to some lines of a basket, or does not for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.shop.coupons import queries
from api.shop.coupons.records import Coupon, Customer, Judgement, Reason
from api.shop.coupons.redemptions import queries as redemptions
from api.shop.money import Money
from api.shop.variants.records import Variant
from api.storage import Transaction
from api.times import Instant


def judge(
    tx: Transaction, codes: Sequence[str], *, variants: Sequence[Variant], subtotal: Money, customer: Customer
) -> list[Judgement]:
    """Each of these codes once, for a basket of these variants."""
    sent: dict[str, tuple[int, str]] = {}
    for position, code in enumerate(codes):
        sent.setdefault(code.lower(), (position, code))
    if not sent:
        return []
    known = {
        key: coupon
        for key, coupon in queries.list_by_code(tx, keys=sent).items()
        if _is_in(coupon, subtotal.currency)
    }
    used = _uses_of_all(tx, known.values())
    own = _uses_of_one(tx, known.values(), customer)
    lines = _lines(tx, known.values(), variants)
    judgements = []
    for key, (position, code) in sent.items():
        coupon = known.get(key)
        if coupon is None:
            judgements.append(Judgement(position, code, reason="unknown"))
        else:
            fitting = lines[coupon.id]
            counts = used[coupon.id], own[coupon.id]
            reason = _reason(coupon, *counts, subtotal.amount, now=tx.now) or (
                None if fitting else "not-for-these"
            )
            judgements.append(Judgement(position, coupon.code, coupon, reason, fitting))
    return judgements


def _is_in(coupon: Coupon, currency: str) -> bool:
    """False for a coupon from before the shop had this currency."""
    amounts = (coupon.amount, coupon.min_subtotal)
    return all(amount is None or amount.currency == currency for amount in amounts)


def _reason(coupon: Coupon, used: int, own: int, subtotal: int, *, now: Instant) -> Reason | None:
    if coupon.starts_at is not None and now < coupon.starts_at:
        return "unknown"
    if coupon.status == "retired" or (coupon.ends_at is not None and coupon.ends_at <= now):
        return "expired"
    if coupon.usage_limit is not None and used >= coupon.usage_limit:
        return "used-up"
    if coupon.per_customer is not None and own >= coupon.per_customer:
        return "yours"
    if coupon.min_subtotal is not None and subtotal < coupon.min_subtotal.amount:
        return "minimum"
    return None


def _uses_of_all(tx: Transaction, coupons: Iterable[Coupon]) -> dict[str, int]:
    """Coupon → uses, without those that expired orders have not returned yet."""
    used = {coupon.id: coupon.used for coupon in coupons}
    full = [coupon.id for coupon in coupons if coupon.used == coupon.usage_limit]
    overdue = redemptions.list_overdue(tx, coupon_ids=full) if full else {}
    return {coupon_id: count - overdue.get(coupon_id, 0) for coupon_id, count in used.items()}


def _uses_of_one(tx: Transaction, coupons: Iterable[Coupon], customer: Customer) -> dict[str, int]:
    """Coupon → uses of the customer, where they are limited."""
    limited = [coupon.id for coupon in coupons if coupon.per_customer is not None]
    own = redemptions.list_uses(tx, customer, coupon_ids=limited) if limited else {}
    return {coupon.id: own.get(coupon.id, 0) for coupon in coupons}


def _lines(
    tx: Transaction, coupons: Iterable[Coupon], variants: Sequence[Variant]
) -> dict[str, tuple[int, ...]]:
    """Coupon → the lines that it is for."""
    categories = {aim.id for coupon in coupons for aim in coupon.categories}
    item_ids = {variant.item_id for variant in variants}
    filed = queries.list_filed(tx, item_ids=item_ids, term_ids=categories) if categories else set()
    lines = {}
    for coupon in coupons:
        of_coupon = {aim.id for aim in coupon.categories}
        fitting = {aim.id for aim in coupon.items} | {item for item, term in filed if term in of_coupon}
        is_for_all = not (coupon.items or coupon.categories)
        lines[coupon.id] = tuple(
            index for index, variant in enumerate(variants) if is_for_all or variant.item_id in fitting
        )
    return lines
