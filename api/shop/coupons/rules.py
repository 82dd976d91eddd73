"""Coupons: what shopkeepers make, each with the value that its kind needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs

from api.errors import Conflict, NotFound
from api.shop.coupons import queries
from api.shop.coupons.records import Aim, Coupon, CouponDraft
from api.shop.coupons.redemptions import queries as redemptions
from api.shop.money import Money, check_currency, merged_amount
from api.shop.pricing.records import CouponKind
from api.shop.variants.rules import UnknownItem
from api.storage import Keyset, Transaction
from api.taxonomy.rules import InUse, UnknownTerm
from api.text import slugs
from api.times import instant

_VALUES: Mapping[CouponKind, str | None] = {"percent": "percent", "fixed": "amount", "free_shipping": None}
"""Kind → the field that it needs."""


class CouponInvalid(Conflict):
    """The coupon lacks the value that its kind needs, or has one of another kind, or cannot ever be used."""

    code, title = "coupon-invalid", "Coupon invalid"
    remedy = "Send `percent` for the kind percent, `amount` for the kind fixed, neither for free_shipping."


def create(tx: Transaction, draft: CouponDraft, *, currency: str) -> Coupon:
    """Store a new coupon; CouponInvalid, CurrencyMismatch, UnknownItem, UnknownTerm, InUse."""
    fields = _translated(tx, structs.asdict(draft))
    coupon = _checked(Coupon(id=tx.new_id("cpn"), **fields), currency=currency)
    if not queries.insert_coupon(tx, coupon, currency=currency):
        _check_free(tx, coupon)
    return coupon


def find(tx: Transaction, *, ref: str, lock: bool = False) -> Coupon:
    """The coupon of that id, or NotFound."""
    coupon = queries.find_coupon(tx, coupon_id=ref, lock=lock)
    if coupon is None:
        raise NotFound
    return _current(tx, [coupon])[0]


def list_coupons(tx: Transaction, page: Keyset[str]) -> list[Coupon]:
    """A page of coupons, newest first."""
    return _current(tx, queries.list_coupons(tx, page))


def change(tx: Transaction, before: Coupon, changes: Mapping[str, Any], *, currency: str) -> Coupon:
    """The coupon with these changes, for orders to come; raises as `create` does, and AmountRequired."""
    merged = _translated(tx, changes)
    for name in ("amount", "min_subtotal"):
        if changes.get(name) is not None:
            amount = getattr(before, name)
            merged[name] = merged_amount(amount, changes[name], currency=currency, at=f"/{name}")
    after = _checked(structs.replace(before, **merged), currency=currency)
    if after != before:
        _check_free(tx, after)
        queries.update_coupon(tx, after, currency=currency)
    return after


def delete(tx: Transaction, coupon: Coupon) -> None:
    """Remove a coupon; orders keep what it took off."""
    queries.delete_coupon(tx, coupon_id=coupon.id)


def _current(tx: Transaction, coupons: Sequence[Coupon]) -> list[Coupon]:
    """The coupons without the uses by orders that have expired, which the counters may still have."""
    used = [coupon.id for coupon in coupons if coupon.used]
    overdue = redemptions.list_overdue(tx, coupon_ids=used) if used else {}
    return [structs.replace(coupon, used=coupon.used - overdue.get(coupon.id, 0)) for coupon in coupons]


def _translated(tx: Transaction, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as a coupon has them: instants for times, and what the slugs lead to."""
    others = dict(fields)
    for name in ("starts_at", "ends_at"):
        if isinstance(fields.get(name), datetime):
            others[name] = instant(fields[name])
    if "items" in fields:
        sought = list(dict.fromkeys(map(slugs.composed, fields["items"])))
        others["items"] = _aims(sought, queries.find_items(tx, slugs=sought), "/items", UnknownItem)
    if "categories" in fields:
        sought = list(dict.fromkeys(map(slugs.composed, fields["categories"])))
        found = queries.find_categories(tx, slugs=sought)
        others["categories"] = _aims(sought, found, "/categories", UnknownTerm)
    return others


def _aims(
    sought: Sequence[str], found: Mapping[str, Aim], pointer: str, unknown: type[Conflict]
) -> tuple[Aim, ...]:
    missing = [
        (f"{pointer}/{index}", f"There is no {slug}.")
        for index, slug in enumerate(sought)
        if slug not in found
    ]
    if missing:
        raise unknown.at_each(missing)
    return tuple({found[slug].id: found[slug] for slug in sought}.values())


def _checked(coupon: Coupon, *, currency: str) -> Coupon:
    check_currency({"/amount": coupon.amount, "/min_subtotal": coupon.min_subtotal}, currency=currency)
    needed = _VALUES[coupon.kind]
    for name in ("percent", "amount"):
        if (getattr(coupon, name) is not None) != (name == needed):
            needs = f"needs {needed} and nothing else" if needed else "needs neither percent nor amount"
            raise CouponInvalid.at(f"/{name}", f"A coupon of the kind {coupon.kind} {needs}.")
    if coupon.amount is not None and coupon.amount.amount == 0:
        raise CouponInvalid.at("/amount", "The amount must be more than 0.")
    if coupon.starts_at and coupon.ends_at and coupon.ends_at <= coupon.starts_at:
        raise CouponInvalid.at("/ends_at", "The coupon ends before it starts.")
    if coupon.usage_limit is not None and coupon.usage_limit < coupon.used:
        raise CouponInvalid.at("/usage_limit", f"The coupon is in {coupon.used} orders already.")
    return structs.replace(
        coupon,
        amount=coupon.amount and _plain(coupon.amount),
        min_subtotal=coupon.min_subtotal and _plain(coupon.min_subtotal),
    )


def _plain(money: Money) -> Money:
    return Money(money.amount, money.currency)


def _check_free(tx: Transaction, coupon: Coupon) -> None:
    key = coupon.code.lower()
    other = queries.list_by_code(tx, keys=[key]).get(key)
    if other is not None and other.id != coupon.id:
        raise InUse.at(
            "/code",
            f"There is a coupon {other.code} already.",
            uses=[{"kind": "coupon", "id": other.id, "title": other.code}],
        )
