"""Holds: an unpaid order holds its stock until it expires, and then nobody has to come for it to be back.

Reads count the units of expired orders as available. Whoever takes stock first returns them here, so that the
counter agrees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from api.events import rules as events
from api.roles import Viewer
from api.shop.coupons import queries as coupons
from api.shop.coupons.redemptions import queries as redemption_queries
from api.shop.coupons.redemptions import rules as redemptions
from api.shop.downloads import entitlements
from api.shop.letters import rules as letters
from api.shop.orders import queries as order_queries
from api.shop.stock import levels, queries
from api.shop.variants.records import Variant
from api.storage import Database, Transaction

EXPIRED_AT_ONCE = 50


def expire_overdue(db: Database) -> bool:
    """Write down that some orders have expired, soon after their hour; whether there may be more."""
    with db.read() as tx:
        if not order_queries.has_due(tx):
            return False
    with db.write() as tx:
        order_ids = order_queries.lock_some_due(tx, most=EXPIRED_AT_ONCE)
        if order_ids:
            expire(tx, order_ids)
    return len(order_ids) == EXPIRED_AT_ONCE


def release(tx: Transaction, needed: Iterable[Variant]) -> None:
    """Expire every order that is due and holds units of these variants."""
    variants = list(needed)
    overdue = [variant.id for variant in variants if variant.overdue]
    if overdue:
        release_all(tx, overdue, needed=[variant.id for variant in variants])


def release_all(tx: Transaction, variant_ids: Sequence[str], *, needed: Collection[str] = ()) -> None:
    """Expire every order that is due and took units of these variants, counted now or not."""
    order_ids = order_queries.lock_due(tx, variant_ids=variant_ids)
    if order_ids:
        expire(tx, order_ids, needed=needed)


def release_coupons(tx: Transaction, codes: Iterable[str]) -> None:
    """Expire every order that is due and uses one of these coupons, before stock is locked."""
    known = coupons.list_by_code(tx, keys={code.lower() for code in codes})
    order_ids = redemption_queries.lock_due(tx, coupon_ids=[coupon.id for coupon in known.values()])
    if order_ids:
        expire(tx, order_ids)


def expire(tx: Transaction, order_ids: Sequence[str], *, needed: Collection[str] = ()) -> None:
    """Expire these orders, which are due and locked, and return their stock and their coupons.

    The variants of all of them are locked in the order of their skus, and with them those that are `needed`
    afterwards.
    """
    taken = queries.list_taken(tx, order_ids=order_ids)
    total: Counter[str] = Counter()
    for _, variant_id, units in taken:
        total[variant_id] += units
    queries.lock_counters(tx, variant_ids={*total, *needed})
    for order_id in order_ids:
        own = {variant_id: units for holder, variant_id, units in taken if holder == order_id}
        queries.insert_movements(tx, own, reason="expiry", order_id=order_id, actor=None)
    put_back(tx, total, actor=None)
    redemptions.release(tx, order_ids)
    order_queries.update_expired(tx, order_ids)
    expired = order_queries.list_by_id(tx, ids=order_ids)
    events.note_each(tx, (("order.expired", order) for order in expired))
    letters.note_expired(tx, expired)
    for order in expired:
        entitlements.hold(tx, order)
    levels.note_returned(tx, total, actor=None)


def put_back(tx: Transaction, units: Mapping[str, int], *, actor: Viewer | None) -> None:
    """Add units, which the ledger already has, to the counters of their variants.

    Where counting has ended since an order took them, the ledger writes them off again.
    """
    uncounted = {
        variant_id: -returned
        for variant_id, returned in units.items()
        if queries.add_available(tx, variant_id=variant_id, delta=returned) is None
    }
    queries.insert_movements(tx, uncounted, reason="untracked", actor=actor)
