"""Tax rates: the most exact place that has rates of a class wins, and all of its rates add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from api.errors import NotFound
from api.shop.pricing.rates import millionths, percent_of
from api.shop.pricing.records import Rate
from api.shop.taxes import queries
from api.shop.taxes.records import EVERYWHERE, TaxRate, TaxRateDraft
from api.storage import Transaction
from api.taxonomy.rules import InUse


def create(tx: Transaction, draft: TaxRateDraft) -> TaxRate:
    """Store a new rate; InUse when the place has one of this class and name."""
    tax_rate = _normal(TaxRate(id=tx.new_id("tax"), **structs.asdict(draft)))
    if not queries.insert_tax_rate(tx, tax_rate):
        _check_free(tx, tax_rate)
    return tax_rate


def find(tx: Transaction, *, ref: str, lock: bool = False) -> TaxRate:
    """The rate of that id, or NotFound."""
    tax_rate = queries.find_tax_rate(tx, tax_rate_id=ref, lock=lock)
    if tax_rate is None:
        raise NotFound
    return tax_rate


def change(tx: Transaction, before: TaxRate, changes: Mapping[str, Any]) -> TaxRate:
    """The rate with these changes, for orders to come; InUse."""
    after = _normal(structs.replace(before, **changes))
    if after != before:
        _check_free(tx, after)
        queries.update_tax_rate(tx, after)
    return after


def delete(tx: Transaction, tax_rate: TaxRate) -> None:
    """Remove a rate; orders keep what they were taxed."""
    queries.delete_tax_rate(tx, tax_rate_id=tax_rate.id)


def rates_at(tx: Transaction, *, country: str, region: str | None) -> dict[str, list[Rate]]:
    """Class → the rates there: those of the region, else of the country, else of everywhere."""
    best: dict[str, tuple[tuple[bool, bool], list[Rate]]] = {}
    for each in queries.list_of_place(tx, country=country, region=region):
        exactness = each.country != EVERYWHERE, each.region is not None
        known, rates = best.get(each.tax_class, ((False, False), []))
        if exactness > known:
            rates = []
        elif exactness < known:
            continue
        best[each.tax_class] = exactness, [*rates, Rate(each.name, millionths(each.rate))]
    return {tax_class: rates for tax_class, (_, rates) in best.items()}


def _normal(tax_rate: TaxRate) -> TaxRate:
    return structs.replace(tax_rate, rate=percent_of(millionths(tax_rate.rate)))


def _check_free(tx: Transaction, tax_rate: TaxRate) -> None:
    other = queries.find_same(tx, tax_rate)
    if other is not None and other.id != tax_rate.id:
        raise InUse.at(
            "/name",
            f"There is a tax named {other.name} of this class and place already.",
            uses=[{"kind": "tax_rate", "id": other.id, "title": other.name}],
        )
