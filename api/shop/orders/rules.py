"""Orders: how they are found and changed; their states follow from their amounts and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from api.errors import NotFound
from api.events import rules as events
from api.events.records import EventType
from api.roles import ORDERS_READ, ORDERS_WRITE, Viewer
from api.shop.coupons.records import Customer
from api.shop.coupons.redemptions import rules as redemptions
from api.shop.downloads import entitlements
from api.shop.letters import rules as letters
from api.shop.orders import queries
from api.shop.orders.records import Event, EventKind, Order, Waiting
from api.shop.orders.states import settled
from api.shop.stock import holds
from api.shop.stock import rules as stock
from api.shop.stock.rules import OutOfStock, Portion
from api.shop.variants import queries as variant_queries
from api.storage import Transaction
from api.times import Instant

TYPES: Mapping[EventKind, EventType] = {
    "placed": "order.placed",
    "changed": "order.updated",
    "partly_paid": "order.partly_paid",
    "paid": "order.paid",
    "partly_fulfilled": "order.partly_fulfilled",
    "fulfilled": "order.fulfilled",
    "completed": "order.completed",
    "partly_cancelled": "order.updated",
    "cancelled": "order.cancelled",
    "expired": "order.expired",
    "revived": "order.updated",
    "refunded": "order.refunded",
}
"""Kind of event in the history of an order → type in the log of events, where it has one."""


def find(tx: Transaction, *, ref: str, viewer: Viewer, lock: bool = False) -> Order:
    """The order of that id, if it is the viewer's or the viewer may read all; NotFound.

    With `lock` it does not change before this transaction ends, and its stock is back if it has expired.
    """
    return _find(tx, ref=ref, lock=lock, **_visible_to(viewer))


def find_any(tx: Transaction, *, ref: str, lock: bool = False) -> Order:
    """The order of that id, whoever's it is; NotFound."""
    return _find(tx, ref=ref, lock=lock)


def next_expiry(tx: Transaction, after: Instant) -> Instant | None:
    """The instant at which the next unpaid order expires by itself, and its stock is back."""
    return queries.find_next_expiry(tx, after=after)


def change(
    tx: Transaction,
    order: Order,
    *,
    actor: Viewer | None,
    history: Sequence[tuple[EventKind, str | None]] = (),
    waits_for: Waiting | None = None,
    **changes: Any,
) -> Order:
    """Change an order, which is locked, and note what has happened to it; its states follow by themselves.

    `history` has a kind and a note for each event; that it is paid, or complete, is added to it.
    """
    after = settled(structs.replace(order, **changes, updated_at=tx.now), waits_for=waits_for)
    kinds = [*history, *((kind, None) for kind in _reached(order, after))]
    by = actor.id if actor else None
    added = [Event(tx.now, kind, by, note) for kind, note in kinds]
    after = structs.replace(
        after, version=order.version + 1, events=(*order.events, *added), is_overdue=False
    )
    queries.update_order(tx, order, after)
    queries.insert_events(tx, added, order_id=order.id)
    letters.note_change(tx, order, after)
    # Whatever changes an order is an event, so that whoever mirrors them misses nothing.
    types = [TYPES[kind] for kind, _ in kinds if kind in TYPES] or [TYPES["changed"]]
    events.note_each(tx, ((each, after) for each in types), actor=actor)
    return deliver(tx, after)


def deliver(tx: Transaction, order: Order) -> Order:
    """The order, whose lines with downloads the server has sent if it is paid."""
    sent = entitlements.follow(tx, order)
    if not sent:
        return order
    letters.note_downloads(tx, order)
    lines = tuple(
        structs.replace(line, fulfilled=line.fulfilled + sent.get(line.position, 0)) for line in order.lines
    )
    return change(tx, order, actor=None, lines=lines)


def revive(tx: Transaction, order: Order, *, actor: Viewer | None) -> Order:
    """Open an expired order again, which is locked, by taking its stock and coupons once more.

    Raises OutOfStock, of what it downloads too if that was deleted meanwhile, and CouponNotApplicable.
    """
    happened = stock.take(tx, _portions(tx, order), order_id=order.id, actor=actor)
    events.note_each(tx, happened, actor=actor)
    redemptions.renew(tx, order_id=order.id, customer=Customer(order.account_id, order.email))
    after = change(tx, order, actor=actor, history=[("revived", None)], order_status="open", expires_at=None)
    # Only now that the order holds its files again, nobody can delete one.
    lost = entitlements.list_lost(tx, after)
    if lost:
        raise OutOfStock(f"The files of {', '.join(lost)} were deleted.", available=dict.fromkeys(lost, 0))
    return after


def _find(tx: Transaction, *, ref: str, lock: bool, **filters: Any) -> Order:
    order = queries.find_order(tx, ref=ref, lock=lock, **filters)
    if order is not None and lock and order.is_overdue:
        holds.expire(tx, [order.id])
        order = queries.find_order(tx, ref=ref, **filters)
    if order is None:
        raise NotFound
    return order


def _portions(tx: Transaction, order: Order) -> list[Portion]:
    variants = variant_queries.list_by_id(tx, ids=[line.variant_id for line in order.lines])
    return [
        Portion(variants[line.variant_id], line.standing, lines=()) for line in order.lines if line.standing
    ]


def _visible_to(viewer: Viewer) -> dict[str, str]:
    """The columns that an order must have for the viewer to see it; those of a guest have no account."""
    if viewer.order_id is not None:
        return {"id": viewer.order_id}
    if viewer.may(ORDERS_READ) or viewer.may(ORDERS_WRITE):
        return {}
    return {"account_id": viewer.id}


def _reached(before: Order, after: Order) -> list[EventKind]:
    """The milestones that a change has brought: some or all of it is paid or sent, or it is complete."""
    reached: list[EventKind] = []
    if after.paid > before.paid and after.order_status in ("open", "completed"):
        reached.append("partly_paid" if after.due else "paid")
    sent = sum(line.fulfilled for line in after.lines) - sum(line.fulfilled for line in before.lines)
    if sent:
        reached.append("partly_fulfilled" if after.fulfilment_status == "partial" else "fulfilled")
    if after.order_status == "completed" != before.order_status:
        reached.append("completed")
    return reached
