"""The SQL of orders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from msgspec import structs

from api.shop.orders.records import Event, Order, OrderLine
from api.shop.orders.tables import STATES, order_events, order_lines, orders
from api.storage import Among, Keyset, Prepared, Row, Transaction, columns_of, row_of
from api.storage.newest_first import is_among_newest


@cache
def _find(filters: frozenset[str], *, lock: bool) -> Prepared:
    one = sa.select(orders).where(orders.c.id == sa.bindparam("ref"), *_equal(filters))
    return Prepared(one.with_for_update(key_share=True) if lock else one)


def find_order(tx: Transaction, *, ref: str, lock: bool = False, **filters: str) -> Order | None:
    """The order of that id; with `account_id` only if it is that account's."""
    row = tx.row(_find(frozenset(filters), lock=lock), ref=ref, **filters)
    return _with_relations(tx, [row])[0] if row else None


@cache
def _page(filters: frozenset[str]) -> Prepared:
    page = sa.select(orders).order_by(orders.c.id.desc()).limit(sa.bindparam("most"))
    if filters and "account_id" not in filters:
        return Prepared(page.where(is_among_newest(orders, states=STATES, parameters=filters)))
    return Prepared(page.where(orders.c.id < sa.bindparam("before"), *_equal(filters)))


def list_orders(tx: Transaction, page: Keyset[str], **filters: str) -> list[Order]:
    """A page of everyone's orders, newest first; `filters` are columns: `account_id` and the statuses."""
    rows = tx.rows(_page(frozenset(filters)), before=page.position, most=page.most, **filters)
    return _with_relations(tx, rows)


def _equal(columns: frozenset[str]) -> list[sa.ColumnElement[bool]]:
    return [orders.c[column] == sa.bindparam(column) for column in sorted(columns)]


_LINES = Prepared(
    sa.select(order_lines.c.order_id, *columns_of(order_lines, OrderLine))
    .where(Among(order_lines.c.order_id, "ids"))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_EVENTS = Prepared(
    sa.select(order_events.c.order_id, *columns_of(order_events, Event, by=order_events.c.by_account))
    .where(Among(order_events.c.order_id, "ids"))
    .order_by(order_events.c.number)
)


def _with_relations(tx: Transaction, rows: Sequence[Row]) -> list[Order]:
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


_INSERT = Prepared(
    sa.insert(orders).returning(orders.c.number),
    *(column.name for column in orders.c if column is not orders.c.number),
)
_INSERT_LINES = Prepared(sa.insert(order_lines), *order_lines.c.keys())


def insert_order(tx: Transaction, order: Order) -> Order:
    """Store a new order with its lines and events; the order with its number."""
    number = tx.value(_INSERT, **row_of(order))
    tx.run_many(_INSERT_LINES, [row_of(line, order_id=order.id) for line in order.lines])
    insert_events(tx, order.events, order_id=order.id)
    return structs.replace(order, number=number)


_INSERT_EVENTS = Prepared(sa.insert(order_events), "order_id", "at", "kind", "by_account", "note")


def insert_events(
    tx: Transaction, events: Sequence[Event], *, order_id: str, note: str | None = None
) -> None:
    """Add to what has happened to the order."""
    rows = [row_of(event, order_id=order_id, by_account=event.by, note=note) for event in events]
    tx.run_many(_INSERT_EVENTS, rows)


_IS_THIS = orders.c.id == sa.bindparam("order")
_CANCEL = (
    sa.update(orders)
    .where(_IS_THIS, orders.c.order_status == "open", orders.c.fulfilment_status == "none")
    .values(order_status="cancelled")
)
_CANCEL_UNPAID = _CANCEL.where(orders.c.payment_status == "unpaid")


def update_cancelled(tx: Transaction, *, order_id: str, if_unpaid: bool) -> bool:
    """Cancel an open order of which nothing was sent (nor paid, with `if_unpaid`); False if it is not one."""
    return tx.run(_CANCEL_UNPAID if if_unpaid else _CANCEL, order=order_id) == 1


_STANDS = orders.c.order_status != "cancelled"
_paid = orders.c.paid + sa.bindparam("amount")
_PAY = (
    sa.update(orders)
    .where(_IS_THIS, _STANDS, _paid <= orders.c.total)
    .values(
        paid=_paid,
        payment_status=sa.case((_paid == orders.c.total, "paid"), else_="partly_paid"),
        order_status=sa.case(
            (sa.and_(_paid == orders.c.total, orders.c.fulfilment_status == "fulfilled"), "completed"),
            else_=orders.c.order_status,
        ),
    )
    .returning(orders.c.payment_status, orders.c.order_status)
)


def update_paid(tx: Transaction, *, order_id: str, amount: int) -> Row | None:
    """Add to what is paid; the new payment_status and order_status, None if that much is not due."""
    return tx.row(_PAY, order=order_id, amount=amount)


_FULFIL_LINE = (
    sa.update(order_lines)
    .where(order_lines.c.order_id == sa.bindparam("order"), order_lines.c.position == sa.bindparam("at"))
    .values(fulfilled=order_lines.c.fulfilled + sa.bindparam("units"))
)
_some_remain = (
    sa.exists()
    .where(order_lines.c.order_id == orders.c.id, order_lines.c.fulfilled < order_lines.c.quantity)
    .correlate(orders)
)
_FULFIL = (
    sa.update(orders)
    .where(_IS_THIS, _STANDS, orders.c.fulfilment_status != "fulfilled")
    .values(
        fulfilment_status=sa.case((_some_remain, "partial"), else_="fulfilled"),
        order_status=sa.case(
            (sa.and_(~_some_remain, orders.c.payment_status == "paid"), "completed"),
            else_=orders.c.order_status,
        ),
    )
    .returning(orders.c.fulfilment_status, orders.c.order_status)
)


def update_fulfilled(tx: Transaction, *, order_id: str, units: dict[int, int]) -> Row:
    """Add units sent, by position of the line; the new fulfilment_status and order_status."""
    rows = [{"order": order_id, "at": position, "units": sent} for position, sent in units.items()]
    tx.run_many(_FULFIL_LINE, rows)
    row = tx.row(_FULFIL, order=order_id)
    assert row is not None  # noqa: S101  # the order is locked, and its lines were checked
    return row
