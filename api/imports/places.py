"""The items that earlier imports made of the rows of a file.

Numbers are unique within a shop, and a table does not name its shop: another sku and another name under one
number is another thing. Without numbers, the sku as written or the name finds the thing again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from api.ids import indexable
from api.imports import skus
from api.imports.origins import queries as origins
from api.imports.origins import rules
from api.imports.origins.records import Imported, Key, Looks, Origin
from api.imports.records import Item, Withheld
from api.shop.items import queries as item_queries
from api.shop.variants import queries as variant_queries
from api.storage import Transaction
from api.text import slugs
from api.times import instant

SOURCE = "woocommerce"
OWN_SKU = "sku"
VARIATION = "product_variation:"
_NUMBERED = re.compile(r"product(?:_variation)?:(?P<number>[0-9]{1,12})(?: \([0-9]+\))?")


class Place(NamedTuple):
    """The item made of a row, if there is one; `variant_id` if the row is about one variant of it."""

    key: Key
    origin: Origin | None
    variant_id: str | None = None


def folded_sku(sku: str | None) -> str | None:
    """The sku as origins store it."""
    return indexable(skus.folded(sku)) if sku else None


def looks_of(row: Item | Withheld) -> Looks:
    """The description of an item in its source."""
    title = row.title if isinstance(row, Withheld) else row.name
    slug = slugs.normal(row.slug or "") or None
    return Looks(title or None, slug, instant(row.created_at) if row.created_at else None)


class Places:
    """The imported items, found by number, sku or name."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    @cached_property
    def _known(self) -> _Known:
        return _Known.of(origins.list_items(self._tx))

    def of(self, row: Item | Withheld) -> Place | None:
        """The place of a row; None for a variation that belongs to nothing known."""
        if isinstance(row, Item) and "type" in row.unsaid:
            part = self._of_part(row)
            if part or row.external_id.startswith(VARIATION):
                return part
        key, origin = self._by_number(row)
        if origin or (is_numbered(row.external_id) and self._known.all_are_numbered):
            return Place(key, origin)
        return self._by_sku(row) or self._by_name(row) or Place(key, None)

    def _of_part(self, row: Item) -> Place | None:
        (variant,) = row.variants or row.ended
        number, sku = _number(row.external_id), folded_sku(variant.sku)
        by_sku = origins.list_imported_by_sku(self._tx, skus=[sku] if sku else [])
        for imported in by_sku:
            if (place := self._place(imported)) and _agree(
                number, imported.external_id, place.key.external_id
            ):
                return place
        if number is None:
            return None
        for imported in origins.list_imported_by_id(self._tx, external_id=f"{VARIATION}{number}"):
            if not sku or not imported.sku:
                return self._place(imported)
        key, origin = self._by_number(row)
        if origin is None or row.external_id.startswith(VARIATION):
            return None
        sold = variant_queries.list_variants(self._tx, item_ids=[origin.local_id])
        return Place(key, origin, sold[0].id if len(sold) == 1 and not sold[0].options else None)

    def _by_number(self, row: Item | Withheld) -> tuple[Key, Origin | None]:
        """The origin under this number that the row may describe, or the key for one that it founds."""
        key, count = Key("item", SOURCE, indexable(row.external_id)), 1
        while (origin := origins.find(self._tx, key)) and not self._fits(origin, row):
            count += 1
            key = Key("item", SOURCE, indexable(f"{row.external_id} ({count})"))
        return key, origin

    def _by_sku(self, row: Item | Withheld) -> Place | None:
        written = _skus(row)
        known = [imported.item_id for imported in origins.list_imported_by_sku(self._tx, skus=list(written))]
        if not known and written:
            known = [id_ for sku in written for id_ in self._known.by_sku.get(sku, ())]
        return self._unless_numbered(row, known)

    def _by_name(self, row: Item | Withheld) -> Place | None:
        title = looks_of(row).title
        if title is None or _skus(row):
            return None
        known = self._known.by_title.get(title, [])
        return self._unless_numbered(row, known) if len(known) == 1 else None

    def _unless_numbered(self, row: Item | Withheld, item_ids: Iterable[str]) -> Place | None:
        """The first of these items, unless it and the row have numbers, which are not the same then."""
        for item_id in item_ids:
            key = self._known.keys.get(item_id)
            if key and None in (_number(row.external_id), _number(key.external_id)):
                return Place(key, origins.find(self._tx, key))
        return None

    def _fits(self, origin: Origin, row: Item | Withheld) -> bool:
        """Whether the origin may be of the row: nothing says that it is of another shop."""
        looks = looks_of(row)
        if origin.looks.fit(looks):
            return True
        imported = origins.list_imported_of_item(self._tx, item_id=origin.local_id)
        own = {sku for sku in (_own_sku(origin), *(v.sku for v in imported)) if sku}
        written = _skus(row)
        if written or (looks.slug and origin.looks.slug):
            return bool(own & written)
        item = item_queries.find_item(self._tx, ref=origin.local_id, hidden=True)
        shown = _hosts(image.url for image in item.images) if item else set()
        theirs = _hosts(image.url for image in row.images) if isinstance(row, Item) else set()
        return not (shown and theirs) or bool(shown & theirs)

    def _place(self, imported: Imported) -> Place | None:
        key = self._known.keys.get(imported.item_id)
        return Place(key, origins.find(self._tx, key), imported.variant_id) if key else None


@dataclass(frozen=True, slots=True)
class _Known:
    """The items that were imported before this run: their keys, and their ids by own sku and by title."""

    keys: dict[str, Key]
    by_sku: dict[str, list[str]]
    by_title: dict[str, list[str]]
    all_are_numbered: bool

    @classmethod
    def of(cls, items: Iterable[tuple[Key, Origin]]) -> _Known:
        keys, by_sku, by_title = dict[str, Key](), dict[str, list[str]](), dict[str, list[str]]()
        for key, origin in items:
            keys[origin.local_id] = key
            if sku := _own_sku(origin):
                by_sku.setdefault(sku, []).append(origin.local_id)
            if title := origin.looks.title:
                by_title.setdefault(title, []).append(origin.local_id)
        return cls(keys, by_sku, by_title, all(is_numbered(key.external_id) for key in keys.values()))


def _number(external_id: str) -> str | None:
    match = _NUMBERED.fullmatch(external_id)
    return match["number"] if match else None


def is_numbered(external_id: str) -> bool:
    """Whether the source has given it a number."""
    return _number(external_id) is not None


def _own_sku(origin: Origin) -> str | None:
    """The sku of a product itself, which is no variant if it has variations."""
    return rules.states(origin).get(OWN_SKU)


def _agree(number: str | None, *external_ids: str) -> bool:
    """Whether a number is one of these, as far as there are numbers."""
    known = {known for id_ in external_ids if (known := _number(id_))}
    return number is None or not known or number in known


def _skus(row: Item | Withheld) -> set[str]:
    written = (
        row.skus if isinstance(row, Withheld) else (row.sku, *(v.sku for v in (*row.variants, *row.ended)))
    )
    return {sku for sku in map(folded_sku, written) if sku}


def _hosts(urls: Iterable[str]) -> set[str]:
    return {host for url in urls if (host := urlsplit(url).hostname)}
