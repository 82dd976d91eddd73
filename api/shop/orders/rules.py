"""Orders: what a buyer asks for is taken from stock and written down, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from api.accounts.profiles.queries import find_account
from api.errors import Conflict, NotFound, TooMany
from api.events import rules as events
from api.events.records import EventType
from api.roles import ORDERS_READ, ORDERS_WRITE, Viewer
from api.shop.money import TOTAL_MOST, Money, TotalTooLarge, check_currency, written
from api.shop.orders import queries
from api.shop.orders.records import Event, EventKind, LineDraft, Order, OrderDraft, OrderLine
from api.shop.orders.states import InvalidState, expired, next_steps
from api.shop.stock import holds
from api.shop.stock import rules as stock
from api.shop.stock.rules import Portion
from api.shop.variants import queries as variant_queries
from api.shop.variants.rules import UnknownItem
from api.storage import Transaction
from api.times import Instant, later, seconds_between

MOST_UNPAID = 5
_TYPES: Mapping[EventKind, EventType] = {
    "placed": "order.placed",
    "partly_paid": "order.partly_paid",
    "paid": "order.paid",
    "partly_fulfilled": "order.partly_fulfilled",
    "fulfilled": "order.fulfilled",
    "completed": "order.completed",
    "cancelled": "order.cancelled",
    "expired": "order.expired",
}


class PriceChanged(Conflict):
    """The order's total differs from `expected_total`; `total` is the current one."""

    code, title = "price-changed", "Price changed"
    remedy = "Show the buyer the new total, and send the order again with it as expected_total."


def place(
    tx: Transaction,
    draft: OrderDraft,
    *,
    buyer: Viewer,
    currency: str,
    hold_minutes: int = 0,
    limited: bool = False,
) -> Order:
    """Take every line from stock and store the order, or change nothing. Unpaid, it expires after the hold.

    With `limited` a buyer has MOST_UNPAID unpaid orders at most.
    Raises, in this order: TooMany, UnknownItem, CurrencyMismatch, TooManyUnits, OutOfStock, TotalTooLarge,
    PriceChanged.
    """
    if limited:
        _check_unpaid(tx, buyer)
    portions = _portions(tx, draft.lines)
    order = _new(tx, portions, buyer=buyer, currency=currency, note=draft.note, hold_minutes=hold_minutes)
    check_currency([draft.expected_total, *(part.variant.price for part in portions)], currency=currency)
    stock.check_units(portions)
    moved = stock.take(tx, portions, order_id=order.id, actor=buyer)
    _check_total(order, draft.expected_total)
    order = queries.insert_order(tx, order)
    events.note_each(tx, [*((_TYPES[event.kind], order) for event in order.events), *moved], actor=buyer)
    return order


def find(tx: Transaction, *, ref: str, viewer: Viewer, lock: bool = False) -> Order:
    """The order of that id, if it is the viewer's or the viewer may read all; NotFound."""
    order = queries.find_order(tx, ref=ref, lock=lock, **_visible_to(viewer))
    if order is None:
        raise NotFound
    return order


def next_expiry(tx: Transaction, after: Instant) -> Instant | None:
    """The instant at which the next unpaid order expires by itself, and its stock is back."""
    return queries.find_next_expiry(tx, after=after)


def cancel(tx: Transaction, order: Order, *, actor: Viewer, reason: str | None = None) -> Order:
    """Cancel an order of which nothing was sent and return its stock, once; InvalidState.

    A shopkeeper may cancel a paid order, its buyer only an unpaid one. Cancelling again changes nothing.
    """
    if order.order_status == "expired":
        raise expired(order, actor=actor)
    keeper = actor.may(ORDERS_WRITE)
    if queries.update_cancelled(tx, order_id=order.id, if_unpaid=not keeper):
        stock.give_back(tx, order_id=order.id, actor=actor)
        return record(tx, order, [Event(tx.now, "cancelled", actor.id, reason)], actor=actor)
    if order.order_status == "cancelled":
        return order
    raise InvalidState(
        f"An order cannot be cancelled once anything is {'sent' if keeper else 'paid or sent'}.",
        state=order.payment_status if order.fulfilment_status == "none" else order.fulfilment_status,
        allowed=next_steps(order, actor=actor),
    )


def record(tx: Transaction, order: Order, history: Sequence[Event], *, actor: Viewer) -> Order:
    """Add to what has happened to the order, which is locked; the order as it is now."""
    queries.insert_events(tx, history, order_id=order.id)
    after = find(tx, ref=order.id, viewer=actor)
    events.note_each(tx, ((_TYPES[event.kind], after) for event in history), actor=actor)
    return after


def revive(tx: Transaction, order: Order, *, actor: Viewer) -> None:
    """Open an expired order again, which is locked, by taking its stock once more; OutOfStock."""
    if order.is_overdue:
        holds.expire(tx, [order.id])
    queries.update_revived(tx, order_id=order.id)
    variants = variant_queries.list_by_id(tx, ids=[line.variant_id for line in order.lines])
    portions = [Portion(variants[line.variant_id], line.quantity, lines=()) for line in order.lines]
    events.note_each(tx, stock.take(tx, portions, order_id=order.id, actor=actor), actor=actor)


def _visible_to(viewer: Viewer) -> dict[str, str]:
    """The columns that an order must have for the viewer to see it; those of a guest have no account."""
    if viewer.order_id is not None:
        return {"id": viewer.order_id}
    if viewer.may(ORDERS_READ) or viewer.may(ORDERS_WRITE):
        return {}
    return {"account_id": viewer.id}


def _check_unpaid(tx: Transaction, buyer: Viewer) -> None:
    """TooMany until the first of too many unpaid orders expires."""
    find_account(tx, account_id=buyer.id, lock=True)  # two orders at once are counted one after the other
    hours = queries.list_unpaid(tx, account_id=buyer.id, most=MOST_UNPAID)
    if len(hours) == MOST_UNPAID:
        first = min((hour for hour in hours if hour is not None), default=later(tx.now, hours=1))
        raise TooMany(
            f"You have {MOST_UNPAID} unpaid orders: pay or cancel one.",
            retry_after=math.ceil(seconds_between(tx.now, first)),
        )


def _portions(tx: Transaction, lines: Sequence[LineDraft]) -> list[Portion]:
    """The lines with those of one sku added up, in order of first mention."""
    keys = [line.sku.lower() for line in lines]
    variants = variant_queries.list_orderable(tx, keys=set(keys), lock=True)
    unknown = [
        (f"/lines/{index}/sku", f"{line.sku} is not for sale.")
        for index, line in enumerate(lines)
        if keys[index] not in variants
    ]
    if unknown:
        raise UnknownItem.at_each(unknown)
    places = {key: tuple(index for index, other in enumerate(keys) if other == key) for key in keys}
    return [
        Portion(variant=variants[key], quantity=sum(lines[index].quantity for index in own), lines=own)
        for key, own in places.items()
    ]


def _new(
    tx: Transaction,
    portions: Sequence[Portion],
    *,
    buyer: Viewer,
    currency: str,
    note: str | None,
    hold_minutes: int,
) -> Order:
    lines = tuple(_line(position, portion) for position, portion in enumerate(portions))
    total = sum(line.total for line in lines)
    placed, paid = Event(tx.now, "placed", buyer.id), Event(tx.now, "paid", buyer.id)
    return Order(
        id=buyer.order_id or tx.new_id("ord"),
        account_id=buyer.account_id,
        email=buyer.email,
        payment_status="unpaid" if total else "paid",
        currency=currency,
        subtotal=total,
        total=total,
        note=note,
        placed_at=tx.now,
        updated_at=tx.now,
        expires_at=later(tx.now, minutes=hold_minutes) if total and hold_minutes else None,
        lines=lines,
        events=(placed,) if total else (placed, paid),
    )


def _line(position: int, portion: Portion) -> OrderLine:
    variant, quantity = portion.variant, portion.quantity
    return OrderLine(
        position=position,
        variant_id=variant.id,
        sku=variant.sku,
        name=variant.full_name,
        quantity=quantity,
        unit_price=variant.price.amount,
        total=quantity * variant.price.amount,
    )


def _check_total(order: Order, expected: Money | None) -> None:
    if order.total > TOTAL_MOST:
        raise TotalTooLarge
    if expected is not None and expected.amount != order.total:
        raise PriceChanged(f"The total is now {written(order.due)}.", total=order.due)
