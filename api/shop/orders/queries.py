"""The SQL of orders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import structs

from api.accounts.profiles.emails import key_of
from api.shop.orders.addresses import Address
from api.shop.orders.records import ChosenShipping, CouponUse, Event, Order, OrderLine
from api.shop.orders.tables import OPEN, UNPAID, order_events, order_lines, orders
from api.shop.pricing.records import Tax
from api.shop.stock.tables import stock_movements
from api.shop.variants.records import downloads_in
from api.storage import Among, Prepared, Row, Transaction, columns_of, row_of
from api.text.folding import bare
from api.times import Instant

DUE = OPEN & (orders.c.expires_at <= sa.bindparam("now"))
"""Expired, whether that is written down or not."""

WHOLE = [column for column in orders.c if column.name in Order.__struct_fields__]
_JSON: dict[str, Any] = {
    "taxes": tuple[Tax, ...],
    "coupons": tuple[CouponUse, ...],
    "shipping_method": ChosenShipping,
    "shipping_address": Address,
    "billing_address": Address,
}
"""Columns that hold JSON, and what it is."""


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
    for row in tx.rows(_LINES, ids=ids):
        line = row._asdict()
        line["physical"] = row.physical == 1
        line["downloads"] = downloads_in(row.downloads)
        lines[line.pop("order_id")].append(OrderLine(**line))
    for order_id, *event in tx.rows(_EVENTS, ids=ids):
        events[order_id].append(Event(*event))
    return [_order(row, lines[row.id], events[row.id], now=tx.now) for row in rows]


def _order(row: Row, lines: list[OrderLine], events: list[Event], *, now: Instant) -> Order:
    """The order as it is `now`: one that is due has expired, whether that is written down or not."""
    columns = row._asdict()
    columns["prices_include_tax"] = row.prices_include_tax == 1
    for name, kind in _JSON.items():
        if columns[name] is not None:
            columns[name] = msgspec.json.decode(columns[name], type=kind)
    order = Order(**columns, lines=tuple(lines), events=tuple(events))
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


def insert_order(tx: Transaction, order: Order, *, asks_at: Instant | None = None) -> Order:
    """Store a new order with its lines and events; the order with its number."""
    number = tx.value(_INSERT, **_row(order), **_names(order), email_key=key_of(order.email), asks_at=asks_at)
    tx.run_many(_INSERT_LINES, [_line_row(line, order.id) for line in order.lines])
    insert_events(tx, order.events, order_id=order.id)
    return structs.replace(order, number=number)


_MUTABLE = (
    "account_id", "order_status", "payment_status", "fulfilment_status", "paid", "refunded", "credited",
    "shipping_credited", "shipping_address", "billing_address", "staff_note", "expires_at", "updated_at",
    "name_key", "surname_key",
)  # fmt: skip
_UPDATE = Prepared(
    sa.update(orders)
    .where(orders.c.id == sa.bindparam("ref"), orders.c.version == sa.bindparam("seen"))
    .values(version=orders.c.version + 1, **{name: sa.bindparam(f"new_{name}") for name in _MUTABLE})
)
_UNITS = ("fulfilled", "cancelled", "returned")
_UPDATE_LINE = Prepared(
    sa.update(order_lines)
    .where(order_lines.c.order_id == sa.bindparam("order"), order_lines.c.position == sa.bindparam("at"))
    .values({name: sa.bindparam(f"new_{name}") for name in _UNITS})
)


def update_order(tx: Transaction, before: Order, after: Order) -> None:
    """Store what has changed of an order, which is locked."""
    row = _row(after) | _names(after)
    new = {f"new_{name}": row[name] for name in _MUTABLE}
    if tx.run(_UPDATE, ref=after.id, seen=before.version, **new) != 1:
        raise RuntimeError(f"order {after.id} has changed since it was read: lock it first")
    known = dict(zip(before.lines, after.lines, strict=True))
    lines = [
        {"order": after.id, "at": new.position} | {f"new_{name}": getattr(new, name) for name in _UNITS}
        for old, new in known.items()
        if old != new
    ]
    if lines:
        tx.run_many(_UPDATE_LINE, lines)


def _row(order: Order) -> dict[str, Any]:
    row = row_of(order, prices_include_tax=int(order.prices_include_tax))
    for name in _JSON:
        if row[name] is not None:
            row[name] = msgspec.json.encode(row[name]).decode()
    return row


def _names(order: Order) -> dict[str, str | None]:
    """The name that an order with an address is found by, from its beginning or from its last word on."""
    address = order.shipping_address or order.billing_address
    if address is None:
        return {"name_key": None, "surname_key": None}
    words = bare(address.name).split()
    return {"name_key": " ".join(words), "surname_key": " ".join((*words[-1:], *words[:-1]))}


def _line_row(line: OrderLine, order_id: str) -> dict[str, Any]:
    files = msgspec.json.encode(line.downloads).decode()
    return row_of(line, order_id=order_id, physical=int(line.physical), downloads=files)


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
