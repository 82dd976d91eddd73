"""The import of a table of rates that is in the package: it fills gaps and touches no tax of another name."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from api.shop.taxes import queries
from api.shop.taxes.records import TaxRateDraft
from api.shop.taxes.rules import change, create
from api.storage import Transaction

_FILES = {"eu": Path(__file__).with_name("eu.toml")}
AREAS = tuple(_FILES)

Outcome = Literal["created", "changed", "unchanged", "skipped"]


class RateTable(Struct, frozen=True):
    """Rates as they were known on a day."""

    as_of: date
    rates: tuple[TaxRateDraft, ...]


def table_of(area: str) -> RateTable:
    """The table of an area, from the package."""
    data = tomllib.loads(_FILES[area].read_text())
    drafts = [
        TaxRateDraft(tax_class=tax_class, country=country, name=data["name"], rate=rate)
        for country, classes in data["rates"].items()
        for tax_class, rate in classes.items()
    ]
    return RateTable(data["as_of"], tuple(drafts))


def apply(tx: Transaction, table: RateTable) -> Counter[Outcome]:
    """Create or change the rates of whole countries, and skip classes that have a tax of another name."""
    return Counter(_apply(tx, draft) for draft in table.rates)


def _apply(tx: Transaction, draft: TaxRateDraft) -> Outcome:
    own = [
        each
        for each in queries.list_of_place(tx, country=draft.country, region=None)
        if (each.country, each.region, each.tax_class) == (draft.country, None, draft.tax_class)
    ]
    if not own:
        create(tx, draft)
        return "created"
    if len(own) > 1 or own[0].name != draft.name:
        return "skipped"
    if own[0].rate == draft.rate:
        return "unchanged"
    change(tx, own[0], {"rate": draft.rate})
    return "changed"
