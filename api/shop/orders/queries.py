"""The SQL of orders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from msgspec import structs

from api.accounts.profiles.emails import key_of
from api.shop.orders.records import Event, Order, OrderLine
from api.shop.orders.tables import OPEN, UNPAID, order_events, order_lines, orders
from api.shop.stock.tables import stock_movements
from api.storage import Among, Prepared, Row, Transaction, columns_of, row_of
from api.times import Instant

DUE = OPEN & (orders.c.expires_at <= sa.bindparam("now"))
"""Expired, whether that is written down or not."""

WHOLE = [column for column in orders.c if column.name in Order.__struct_fields__]


@cache
def _find(filters: frozenset[str], *, lock: bool) -> Prepared:
    equal = (orders.c[name] == sa.bindparam(name) for name in sorted(filters))
    one = sa.select(*WHOLE).where(orders.c.id == sa.bindparam("ref"), *equal)
    return Prepared(one.with_for_update(key_share=True) if lock else one)


def find_order(tx: Transaction, *, ref: str, lock: bool = False, **filters: str) -> Order | None:
    """The order of that id; with filters only if it equals them: `account_id`, that of its buyer."""
    row = tx.row(_find(frozenset(filters), lock=lock), ref=ref, **filters)
    return complete(tx, [row])[0] if row else None


_BY_IDS = sa.select(*WHOLE).where(Among(orders.c.id, "ids")).order_by(orders.c.id)


def list_by_id(tx: Transaction, *, ids: Sequence[str]) -> list[Order]:
    """The orders of these ids, everyone's."""
    return complete(tx, tx.rows(_BY_IDS, ids=list(ids)))


_LINES = Prepared(
    sa.select(order_lines.c.order_id, *columns_of(order_lines, OrderLine))
    .where(Among(order_lines.c.order_id, "ids"))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_EVENTS = Prepared(
    sa.select(order_events.c.order_id, *columns_of(order_events, Event))
    .where(Among(order_events.c.order_id, "ids"))
    .order_by(order_events.c.number)
)


def complete(tx: Transaction, rows: Sequence[Row]) -> list[Order]:
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
    return [_order(row, lines[row.id], events[row.id], now=tx.now) for row in rows]


def _order(row: Row, lines: list[OrderLine], events: list[Event], *, now: Instant) -> Order:
    """The order as it is `now`: one that is due has expired, whether that is written down or not."""
    order = Order(**row._asdict(), lines=tuple(lines), events=tuple(events))
    if order.order_status != "open" or order.expires_at is None or order.expires_at > now:
        return order
    expired = Event(order.expires_at, "expired", None)
    return structs.replace(
        order,
        order_status="expired",
        updated_at=order.expires_at,
        version=order.version + 1,
        events=(*order.events, expired),
        is_overdue=True,
    )


_INSERT = Prepared(
    sa.insert(orders).returning(orders.c.number),
    *(column.name for column in orders.c if column is not orders.c.number),
)
_INSERT_LINES = Prepared(sa.insert(order_lines), *order_lines.c.keys())


def insert_order(tx: Transaction, order: Order) -> Order:
    """Store a new order with its lines and events; the order with its number."""
    number = tx.value(_INSERT, **row_of(order, email_key=key_of(order.email)))
    tx.run_many(_INSERT_LINES, [row_of(line, order_id=order.id) for line in order.lines])
    insert_events(tx, order.events, order_id=order.id)
    return structs.replace(order, number=number)


_INSERT_EVENTS = Prepared(sa.insert(order_events), "order_id", "at", "kind", "by_account", "note")


def insert_events(tx: Transaction, events: Sequence[Event], *, order_id: str) -> None:
    """Add to what has happened to the order."""
    tx.run_many(_INSERT_EVENTS, [row_of(event, order_id=order_id) for event in events])


_LOCKDUE = (
    sa.select(orders.c.id)
    .where(
        DUE,
        sa.exists().where(
            stock_movements.c.order_id == orders.c.id, Among(stock_movements.c.variant_id, "variants")
        ),
    )
    .order_by(orders.c.id)
    .with_for_update(key_share=True)
)


def lock_due(tx: Transaction, *, variant_ids: Sequence[str]) -> list[str]:
    """Lock the orders that are due and have not returned units of these variants; their ids."""
    return [row.id for row in tx.rows(_LOCKDUE, variants=list(variant_ids), now=tx.now)]


_ANY_DUE = Prepared(sa.select(orders.c.id).where(DUE).limit(sa.literal_column("1")))
_SOME_DUE = (
    sa.select(orders.c.id)
    .where(DUE)
    .order_by(orders.c.expires_at)
    .limit(sa.bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
)


def has_due(tx: Transaction) -> bool:
    """Whether an order has expired that is still stored as open."""
    return tx.row(_ANY_DUE, now=tx.now) is not None


def lock_some_due(tx: Transaction, *, most: int) -> list[str]:
    """Lock at most so many of these that nobody else has locked; their ids."""
    return [row.id for row in tx.rows(_SOME_DUE, now=tx.now, most=most)]


_CHANGE = sa.update(orders).values(version=orders.c.version + 1)
_EXPIRE = _CHANGE.where(OPEN, Among(orders.c.id, "ids")).values(
    order_status="expired", updated_at=orders.c.expires_at
)
_INSERT_EXPIRED = sa.insert(order_events).from_select(
    ["order_id", "at", "kind"],
    sa.select(orders.c.id, orders.c.expires_at, sa.literal("expired")).where(Among(orders.c.id, "ids")),
)


def update_expired(tx: Transaction, order_ids: Sequence[str]) -> None:
    """Write down that these orders, which are due and locked, have expired, each at its hour."""
    tx.run(_EXPIRE, ids=list(order_ids))
    tx.run(_INSERT_EXPIRED, ids=list(order_ids))


_UNPAID = Prepared(
    sa.select(orders.c.expires_at)
    .where(
        UNPAID,
        orders.c.account_id == sa.bindparam("account"),
        sa.or_(orders.c.expires_at.is_(None), orders.c.expires_at > sa.bindparam("now")),
    )
    .limit(sa.bindparam("most"))
)


def list_unpaid(tx: Transaction, *, account_id: str, most: int) -> list[Instant | None]:
    """When each of the account's unpaid orders expires, None for never; `most` of them at most."""
    return [row.expires_at for row in tx.rows(_UNPAID, account=account_id, now=tx.now, most=most)]


_OPEN_UNPAID = (
    sa.select(orders.c.id).where(UNPAID, orders.c.account_id == sa.bindparam("account")).order_by(orders.c.id)
)


def list_open_unpaid(tx: Transaction, *, account_id: str) -> list[str]:
    """The ids of the account's open orders of which nothing is paid, in the order of locks."""
    return [row.id for row in tx.rows(_OPEN_UNPAID, account=account_id)]


_NEXT_EXPIRY = (
    sa.select(orders.c.expires_at)
    .where(OPEN, orders.c.expires_at > sa.bindparam("after"))
    .order_by(orders.c.expires_at)
    .limit(1)
)


def find_next_expiry(tx: Transaction, *, after: Instant) -> Instant | None:
    """The instant at which the next order expires."""
    instant: Instant | None = tx.value(_NEXT_EXPIRY, after=after)
    return instant


_CHANGE_THIS = _CHANGE.where(orders.c.id == sa.bindparam("order")).values(
    expires_at=None, updated_at=sa.bindparam("now")
)
_REVIVE = _CHANGE_THIS.where(orders.c.order_status == "expired").values(order_status="open")


def update_revived(tx: Transaction, *, order_id: str) -> None:
    """Open an expired order again, for good."""
    tx.run(_REVIVE, order=order_id, now=tx.now)


_CANCEL = _CHANGE_THIS.where(orders.c.order_status == "open", orders.c.fulfilment_status == "none").values(
    order_status="cancelled"
)
_CANCEL_UNPAID = _CANCEL.where(orders.c.payment_status == "unpaid")


def update_cancelled(tx: Transaction, *, order_id: str, if_unpaid: bool) -> bool:
    """Cancel an open order of which nothing was sent (nor paid, with `if_unpaid`); False if it is not one."""
    return tx.run(_CANCEL_UNPAID if if_unpaid else _CANCEL, order=order_id, now=tx.now) == 1


_STANDS = orders.c.order_status.not_in(("cancelled", "expired"))
_paid = orders.c.paid + sa.bindparam("amount")
_PAY = (
    _CHANGE_THIS.where(_STANDS, _paid <= orders.c.total)
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
    return tx.row(_PAY, order=order_id, amount=amount, now=tx.now)


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
    _CHANGE_THIS.where(_STANDS, orders.c.fulfilment_status != "fulfilled")
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
    row = tx.row(_FULFIL, order=order_id, now=tx.now)
    assert row is not None  # noqa: S101  # the order is locked, and its lines were checked
    return row
