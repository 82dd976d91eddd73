"""The SQL of tax rates."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.shop.taxes.records import EVERYWHERE, TaxRate
from api.shop.taxes.tables import tax_rates
from api.storage import Keyset, Prepared, Transaction, columns_of, row_of
from api.text.folding import folded

_RATE = columns_of(tax_rates, TaxRate)
_BY_ID = tax_rates.c.id == sa.bindparam("tax_rate")

_FIND = sa.select(*_RATE).where(_BY_ID)
_LOCK = _FIND.with_for_update()


def find_tax_rate(tx: Transaction, *, tax_rate_id: str, lock: bool = False) -> TaxRate | None:
    """The tax rate of that id."""
    row = tx.row(_LOCK if lock else _FIND, tax_rate=tax_rate_id)
    return TaxRate(*row) if row else None


_LIST = (
    sa.select(*_RATE)
    .where(tax_rates.c.id < sa.bindparam("before"))
    .order_by(tax_rates.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_tax_rates(tx: Transaction, page: Keyset[str]) -> list[TaxRate]:
    """A page of tax rates, newest first."""
    return [TaxRate(*row) for row in tx.rows(_LIST, before=page.position, most=page.most)]


MOST_OF_PLACE = 1_000
_OF_PLACE = Prepared(
    sa.select(*_RATE)
    .where(
        tax_rates.c.country.in_((EVERYWHERE, sa.bindparam("in_country"))),
        tax_rates.c.region_key.in_(("", sa.bindparam("in_region"))),
    )
    .order_by(tax_rates.c.id)
    .limit(sa.literal_column(str(MOST_OF_PLACE)))
)


def list_of_place(tx: Transaction, *, country: str, region: str | None) -> list[TaxRate]:
    """The rates of a region, of its country and of everywhere, in the order in which they were made."""
    return [TaxRate(*row) for row in tx.rows(_OF_PLACE, in_country=country, in_region=place_key(region))]


_SAME = sa.select(*_RATE).where(
    tax_rates.c.country == sa.bindparam("in_country"),
    tax_rates.c.region_key == sa.bindparam("in_region"),
    tax_rates.c.tax_class == sa.bindparam("of_class"),
    tax_rates.c.name_key == sa.bindparam("named"),
)


def find_same(tx: Transaction, tax_rate: TaxRate) -> TaxRate | None:
    """The rate of that class, place and name."""
    row = tx.row(
        _SAME,
        in_country=tax_rate.country,
        in_region=place_key(tax_rate.region),
        of_class=tax_rate.tax_class,
        named=folded(tax_rate.name),
    )
    return TaxRate(*row) if row else None


# Both databases know this form; a second insert of one name waits until the first transaction has ended.
_INSERT = Prepared(
    sa.text(
        "INSERT INTO tax_rates (id, tax_class, country, region, region_key, name, name_key, rate)"
        " VALUES (:id, :tax_class, :country, :region, :region_key, :name, :name_key, :rate)"
        " ON CONFLICT DO NOTHING"
    )
)


def insert_tax_rate(tx: Transaction, tax_rate: TaxRate) -> bool:
    """Store a new rate; False when the place has one of this class and name."""
    return tx.run(_INSERT, **_row(tax_rate)) == 1


_UPDATE = sa.update(tax_rates).where(_BY_ID)


def update_tax_rate(tx: Transaction, tax_rate: TaxRate) -> None:
    """Store a rate as it is now; no other one of its place has its class and name."""
    tx.run(
        _UPDATE,
        tax_rate=tax_rate.id,
        **{name: value for name, value in _row(tax_rate).items() if name != "id"},
    )


_DELETE = sa.delete(tax_rates).where(_BY_ID)


def delete_tax_rate(tx: Transaction, *, tax_rate_id: str) -> None:
    """Remove a rate."""
    tx.run(_DELETE, tax_rate=tax_rate_id)


def place_key(region: str | None) -> str:
    """The region as regions are compared: without case or accents."""
    return folded(region).strip() if region else ""


def _row(tax_rate: TaxRate) -> dict[str, Any]:
    return {
        **row_of(tax_rate),
        "region_key": place_key(tax_rate.region),
        "name_key": folded(tax_rate.name),
    }
