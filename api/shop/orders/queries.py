"""The SQL of orders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.shop.orders.records import Event, Order, OrderLine
from api.shop.orders.tables import STATES, order_events, order_lines, orders
from api.storage import Among, Keyset, Prepared, Row, Transaction
from api.storage.newest_first import is_among_newest

_ORDER = (
    orders.c.number,
    orders.c.id,
    orders.c.account_id,
    orders.c.email,
    orders.c.order_status,
    orders.c.payment_status,
    orders.c.fulfilment_status,
    orders.c.currency,
    orders.c.subtotal,
    orders.c.total,
    orders.c.paid,
    orders.c.note,
    orders.c.placed_at,
)
_OWN = orders.c.account_id == sa.bindparam("buyer")
_BY_ID = sa.select(*_ORDER).where(orders.c.id == sa.bindparam("order"))
_OWN_BY_ID = _BY_ID.where(_OWN)
_FIND = {True: Prepared(_OWN_BY_ID), False: Prepared(_BY_ID)}  # by whether it must be the buyer's
_FIND_AND_HOLD = {
    True: _OWN_BY_ID.with_for_update(key_share=True),
    False: _BY_ID.with_for_update(key_share=True),
}
_LINES = Prepared(
    sa.select(
        order_lines.c.order_id,
        order_lines.c.position,
        order_lines.c.variant_id,
        order_lines.c.sku,
        order_lines.c.name,
        order_lines.c.quantity,
        order_lines.c.unit_price,
        order_lines.c.total,
        order_lines.c.fulfilled,
    )
    .where(Among(order_lines.c.order_id, "ids"))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_EVENTS = Prepared(
    sa.select(order_events.c.order_id, order_events.c.at, order_events.c.kind, order_events.c.by_account)
    .where(Among(order_events.c.order_id, "ids"))
    .order_by(order_events.c.number)
)
_INSERT = Prepared(
    sa.insert(orders).returning(orders.c.number),
    *("id", "account_id", "email", "order_status", "payment_status", "fulfilment_status", "currency"),
    *("subtotal", "total", "paid", "note", "placed_at"),
)
_INSERT_LINES = Prepared(
    sa.insert(order_lines),
    *("order_id", "position", "variant_id", "sku", "name", "quantity", "unit_price", "total", "fulfilled"),
)
_INSERT_EVENTS = Prepared(sa.insert(order_events), "order_id", "at", "kind", "by_account", "note")

_STANDS = (orders.c.id == sa.bindparam("order")) & (orders.c.order_status != "cancelled")
_CANCEL = (
    sa.update(orders)
    .where(_STANDS, orders.c.order_status == "open", orders.c.fulfilment_status == "none")
    .values(order_status="cancelled")
)
_CANCEL_UNPAID = _CANCEL.where(orders.c.payment_status == "unpaid")
_sum = orders.c.paid + sa.bindparam("amount")
_PAY = (
    sa.update(orders)
    .where(_STANDS, _sum <= orders.c.total)
    .values(
        paid=_sum,
        payment_status=sa.case((_sum == orders.c.total, "paid"), else_="partly_paid"),
        order_status=sa.case(
            (sa.and_(_sum == orders.c.total, orders.c.fulfilment_status == "fulfilled"), "completed"),
            else_=orders.c.order_status,
        ),
    )
    .returning(orders.c.payment_status, orders.c.order_status)
)
_FULFIL_LINE = (
    sa.update(order_lines)
    .where(order_lines.c.order_id == sa.bindparam("order"), order_lines.c.position == sa.bindparam("at"))
    .values(fulfilled=order_lines.c.fulfilled + sa.bindparam("sent"))
)
_unsent = (
    sa.exists()
    .where(order_lines.c.order_id == orders.c.id, order_lines.c.fulfilled < order_lines.c.quantity)
    .correlate(orders)
)
_FULFIL = (
    sa.update(orders)
    .where(_STANDS, orders.c.fulfilment_status != "fulfilled")
    .values(
        fulfilment_status=sa.case((_unsent, "partial"), else_="fulfilled"),
        order_status=sa.case(
            (sa.and_(~_unsent, orders.c.payment_status == "paid"), "completed"), else_=orders.c.order_status
        ),
    )
    .returning(orders.c.fulfilment_status, orders.c.order_status)
)


def find_order(tx: Transaction, *, order_id: str, buyer: str | None, lock: bool = False) -> Order | None:
    """The order of that id, if it is the buyer's; `buyer` None: whoever's."""
    own = buyer is not None
    values = {"order": order_id, "buyer": buyer} if own else {"order": order_id}
    row = tx.row(_FIND_AND_HOLD[own] if lock else _FIND[own], **values)
    return _whole(tx, [row])[0] if row else None


def list_orders(
    tx: Transaction, page: Keyset[str], *, buyer: str | None = None, **statuses: str
) -> list[Order]:
    """A page of orders, newest first; `buyer` None: everyone's. `statuses` by column."""
    values = statuses if buyer is None else {**statuses, "buyer": buyer}
    rows = tx.rows(_page(frozenset(values)), before=page.position, most=page.most, **values)
    return _whole(tx, rows)


def insert_order(tx: Transaction, *, lines: Sequence[OrderLine], **columns: Any) -> int:
    """Store a new order with its lines; its number."""
    number: int = tx.value(_INSERT, **columns)
    tx.run_many(
        _INSERT_LINES,
        [
            {
                "order_id": columns["id"],
                "position": line.position,
                "variant_id": line.variant_id,
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "total": line.total,
                "fulfilled": line.fulfilled,
            }
            for line in lines
        ],
    )
    return number


def insert_events(
    tx: Transaction, *, order_id: str, kinds: Sequence[str], by: str | None, note: str | None = None
) -> list[Event]:
    """Write what has happened, in order."""
    tx.run_many(
        _INSERT_EVENTS,
        [
            {"order_id": order_id, "at": tx.now, "kind": kind, "by_account": by, "note": note}
            for kind in kinds
        ],
    )
    return [Event(tx.now, kind, by) for kind in kinds]


def update_cancelled(tx: Transaction, *, order_id: str, paid_too: bool) -> bool:
    """Cancel an open order of which nothing was sent, nor (unless `paid_too`) paid; whether it was so."""
    return tx.run(_CANCEL if paid_too else _CANCEL_UNPAID, order=order_id) == 1


def update_paid(tx: Transaction, *, order_id: str, amount: int) -> Row | None:
    """Add to what is paid; payment_status and order_status now, None when it may not be."""
    return tx.row(_PAY, order=order_id, amount=amount)


def update_fulfilled(tx: Transaction, *, order_id: str, sent: dict[int, int]) -> Row | None:
    """Add units sent, by position; fulfilment_status and order_status now, None when it may not be."""
    rows = [{"order": order_id, "at": at, "sent": quantity} for at, quantity in sent.items()]
    tx.run_many(_FULFIL_LINE, rows)
    return tx.row(_FULFIL, order=order_id)


@cache
def _page(filters: frozenset[str]) -> Prepared:
    page = sa.select(*_ORDER)
    if "buyer" in filters:
        named = (orders.c[name] == sa.bindparam(name) for name in STATES if name in filters)
        page = page.where(_OWN, orders.c.id < sa.bindparam("before"), *named)
    elif filters:
        page = page.where(is_among_newest(orders, states=STATES, given=filters))
    else:
        page = page.where(orders.c.id < sa.bindparam("before"))
    return Prepared(page.order_by(orders.c.id.desc()).limit(sa.bindparam("most")))


def _whole(tx: Transaction, rows: Sequence[Row]) -> list[Order]:
    """The orders of these rows with lines and events: one query a relation, however many rows."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    lines: dict[str, list[OrderLine]] = {order_id: [] for order_id in ids}
    events: dict[str, list[Event]] = {order_id: [] for order_id in ids}
    for order_id, *line in tx.rows(_LINES, ids=ids):
        lines[order_id].append(OrderLine(*line))
    for order_id, *event in tx.rows(_EVENTS, ids=ids):
        events[order_id].append(Event(*event))
    return [Order(**row._asdict(), lines=tuple(lines[row.id]), events=tuple(events[row.id])) for row in rows]
