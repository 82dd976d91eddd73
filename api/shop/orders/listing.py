"""The SQL of lists of orders, newest first, by any of their filters."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import sqlalchemy as sa

from api.accounts.profiles.emails import folded, key_of
from api.shop.orders.queries import DUE, WHOLE, complete
from api.shop.orders.records import Order
from api.shop.orders.tables import IS_TO_SEND, STATES, TO_SEND, order_lines, orders
from api.shop.refunds.tables import IS_ON_ITS_WAY, NOT_GIVEN, REFUND_DAYS, refunds
from api.shop.variants.tables import variants
from api.storage import Keyset, Prepared, Transaction
from api.storage.newest_first import is_among_newest
from api.text.folding import bare
from api.times import later

LAST = "ord_~"
"""Sorts behind every id."""

LONGEST_NUMBER = 18
"""Digits of an order's number, as many as a database takes."""


def list_orders(
    tx: Transaction,
    page: Keyset[str],
    *,
    text: str | None = None,
    email: str | None = None,
    to_send: bool | None = None,
    refund: Literal["pending", "failed"] | None = None,
    end_id: str = LAST,
    **filters: Any,
) -> list[Order]:
    """A page of everyone's orders, newest first, from `first_id` and before `end_id`.

    `filters` are columns (`account_id`, `number` and the statuses), `first_id` and `updated_since`. `text` is
    the number or the id of an order, the beginning of an e-mail or of a name in its address, or a sku.
    `to_send`: whether something of a paid order is to be sent; `refund`: the state of one of its refunds.
    """
    if email is not None:
        filters["email"] = key_of(email)
    if text is not None:
        filters["text"] = text
    if to_send is not None:
        filters["to_send" if to_send else "not_to_send"] = 1
    if refund is not None:
        filters[f"refund_{refund}"] = later(tx.now, days=-REFUND_DAYS)
    statement = _page(frozenset(filters), filters.get("order_status"))
    sought = _sought(text) if text is not None else {}
    rows = tx.rows(
        statement, before=min(page.position, end_id), most=page.most, now=tx.now, **filters, **sought
    )
    return complete(tx, rows)


@cache
def _page(filters: frozenset[str], status: str | None) -> Prepared:
    page = sa.select(*WHOLE).order_by(orders.c.id.desc()).limit(sa.bindparam("most"))
    if filters == {"to_send"}:
        return Prepared(page.where(is_among_newest(orders, states=TO_SEND, parameters=())))
    if not filters or not filters <= STATES.keys():
        return Prepared(page.where(orders.c.id < sa.bindparam("before"), *_equal(filters)))
    newest = is_among_newest(
        orders,
        states=STATES,
        parameters=filters,
        only=_is_not_due if status == "open" else None,
        besides=[_newest_due(filters)] if status == "expired" else (),
    )
    return Prepared(page.where(newest))


def _is_not_due(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.or_(rows.c.expires_at.is_(None), rows.c.expires_at > sa.bindparam("now"))


def _newest_due(filters: frozenset[str]) -> sa.Select[Any]:
    """The newest orders that are due. Few are, so the index of hours leads, and none of the others."""
    others = [orders.c[name].concat("") == sa.bindparam(name) for name in sorted(filters - {"order_status"})]
    newest = (
        sa.select(orders.c.id)
        .where(DUE, orders.c.id.concat("") < sa.bindparam("before"), *others)
        .order_by(orders.c.id.concat("").desc())
        .limit(sa.bindparam("most"))
    )
    return sa.select(newest.subquery().c.id)


def _sought(text: str) -> dict[str, Any]:
    key = folded(text)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    name = " ".join(bare(text).split())
    return {
        "text_number": number,
        "text_key": key,
        "text_key_end": f"{key}{_BEHIND}",
        "text_name": name,
        "text_name_end": f"{name}{_BEHIND}",
        "text_sku": text.lower(),
    }


def _equal(columns: frozenset[str]) -> list[sa.ColumnElement[bool]]:
    present = {"order_status": sa.case((DUE, "expired"), else_=orders.c.order_status)}
    if {"account_id", "text"} <= columns:
        columns = columns - {"text"} | {"own_text"}
    return [
        _CONDITIONS[column]
        if column in _CONDITIONS
        else present.get(column, orders.c[column]) == sa.bindparam(column)
        for column in sorted(columns)
    ]


_BEHIND = "\U0010ffff"
"""Sorts behind every other character."""


def _begins(key: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    return (key >= sa.bindparam(text)) & (key < sa.bindparam(f"{text}_end"))


_NAMED = (
    orders.c.number == sa.bindparam("text_number"),
    orders.c.id == sa.bindparam("text"),
    _begins(orders.c.email_key, "text_key"),
    _begins(orders.c.name_key, "text_name"),
    _begins(orders.c.surname_key, "text_name"),
)
_WITH_SKU = (
    sa.select(order_lines.c.order_id)
    .join(variants, variants.c.id == order_lines.c.variant_id)
    .where(variants.c.sku_key == sa.bindparam("text_sku"))
)
_since: sa.BindParameter[str] = sa.bindparam("updated_since")
_CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "email": orders.c.email_key == sa.bindparam("email"),
    "first_id": orders.c.id >= sa.bindparam("first_id"),
    "updated_since": orders.c.id.in_(
        sa.union_all(
            sa.select(orders.c.id).where(orders.c.updated_at >= _since),
            sa.select(orders.c.id).where(DUE, orders.c.expires_at >= _since),
        )
    ),
    "to_send": IS_TO_SEND,
    "not_to_send": sa.not_(IS_TO_SEND),
    "refund_pending": orders.c.id.in_(sa.select(refunds.c.order_id).where(IS_ON_ITS_WAY)),
    "refund_failed": orders.c.id.in_(
        sa.select(refunds.c.order_id).where(NOT_GIVEN, refunds.c.created_at > sa.bindparam("refund_failed"))
    ),
    "text": sa.or_(*_NAMED, orders.c.id.in_(_WITH_SKU)),
    # Of one account's: whatever else has sold as often as it likes is not looked at.
    "own_text": sa.or_(*_NAMED, sa.exists(_WITH_SKU.where(order_lines.c.order_id == orders.c.id))),
}
"""Filters that are more than the equality of a column."""
