"""The SQL of shipping methods."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from api.shop.money import Money
from api.shop.shipping.records import BracketView, ShippingMethod
from api.shop.shipping.tables import shipping_methods
from api.storage import Keyset, Prepared, Row, Transaction, row_of

_BY_ID = shipping_methods.c.id == sa.bindparam("method")
_IS_ACTIVE = shipping_methods.c.status == "active"

_FIND = {
    retired: sa.select(shipping_methods).where(_BY_ID, *(() if retired else (_IS_ACTIVE,)))
    for retired in (True, False)
}
_LOCK = {retired: statement.with_for_update() for retired, statement in _FIND.items()}


def find_method(
    tx: Transaction, *, method_id: str, retired: bool, lock: bool = False
) -> ShippingMethod | None:
    """The method of that id; with `retired` also one that is no longer offered."""
    row = tx.row((_LOCK if lock else _FIND)[retired], method=method_id)
    return _method(row) if row else None


_ORDERED = sa.select(shipping_methods).order_by(shipping_methods.c.position, shipping_methods.c.id)
_AFTER = _ORDERED.where(
    sa.or_(
        shipping_methods.c.position > sa.bindparam("place"),
        (shipping_methods.c.position == sa.bindparam("place"))
        & (shipping_methods.c.id > sa.bindparam("after")),
    )
).limit(sa.bindparam("most"))
_PAGE = {True: _AFTER, False: _AFTER.where(_IS_ACTIVE)}


def list_methods(tx: Transaction, page: Keyset[tuple[int, str]], *, retired: bool) -> list[ShippingMethod]:
    """A page of methods by position; with `retired` also those that are no longer offered."""
    place, after = page.position
    return [_method(row) for row in tx.rows(_PAGE[retired], place=place, after=after, most=page.most)]


MOST_ACTIVE = 500
_ACTIVE = Prepared(
    _ORDERED.where(_IS_ACTIVE, shipping_methods.c.currency == sa.bindparam("currency")).limit(
        sa.literal_column(str(MOST_ACTIVE))
    )
)


def list_active(tx: Transaction, *, currency: str) -> list[ShippingMethod]:
    """The methods that are offered, by position; not those from before the shop had this currency."""
    return [_method(row) for row in tx.rows(_ACTIVE, currency=currency)]


_INSERT = sa.insert(shipping_methods)


def insert_method(tx: Transaction, method: ShippingMethod) -> None:
    """Store a new method."""
    tx.run(_INSERT, **_row(method))


_UPDATE = sa.update(shipping_methods).where(_BY_ID)


def update_method(tx: Transaction, method: ShippingMethod) -> None:
    """Store a method as it is now."""
    columns = _row(method)
    tx.run(_UPDATE, method=columns.pop("id"), **columns)


_DELETE = sa.delete(shipping_methods).where(_BY_ID)


def delete_method(tx: Transaction, *, method_id: str) -> None:
    """Remove a method."""
    tx.run(_DELETE, method=method_id)


_STRINGS = msgspec.json.Decoder(tuple[str, ...])
_BRACKETS = msgspec.json.Decoder(tuple[tuple[int, int], ...])


def _method(row: Row) -> ShippingMethod:
    def money(amount: int) -> Money:
        return Money(amount, row.currency)

    return ShippingMethod(
        id=row.id,
        name=row.name,
        countries=_STRINGS.decode(row.countries),
        regions=_STRINGS.decode(row.regions),
        price=money(row.price),
        free_over=None if row.free_over is None else money(row.free_over),
        brackets=tuple(BracketView(grams, money(price)) for grams, price in _BRACKETS.decode(row.brackets)),
        tax_class=row.tax_class,
        position=row.position,
        status=row.status,
    )


def _row(method: ShippingMethod) -> dict[str, Any]:
    brackets = [(bracket.up_to_g, bracket.price.amount) for bracket in method.brackets]
    lists = {"countries": method.countries, "regions": method.regions, "brackets": brackets}
    return {
        **row_of(method, currency=method.price.currency, price=method.price.amount),
        "free_over": method.free_over.amount if method.free_over else None,
        **{name: msgspec.json.encode(value).decode() for name, value in lists.items()},
    }
