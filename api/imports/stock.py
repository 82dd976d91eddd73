"""The skus and stock of imported variants: stock changes by the difference in the source."""

from __future__ import annotations

from collections.abc import Sequence

from api.imports.origins import queries as origins
from api.imports.origins.records import SourceVariant
from api.imports.records import Item
from api.shop.items.records import Item as StoredItem
from api.shop.stock import rules as stock
from api.shop.variants import queries
from api.shop.variants.records import Variant
from api.storage import Transaction
from api.text import slugs

LONGEST_SKU = 64


class Supplies:
    """The current and former variants of an item, with their last state in the source."""

    def __init__(self, tx: Transaction, ever: Sequence[Variant]) -> None:
        self._tx = tx
        self._ever = ever
        ids = [variant.id for variant in ever]
        self._sources = {source.variant_id: source for source in origins.list_variants(tx, variant_ids=ids)}

    def skus(self, item: Item) -> list[str]:
        """A sku for each variant: its own, the one that an earlier import generated, or `<slug>-<n>`."""
        sources = self._sources
        made = {sources[own.id].external_id: own.sku for own in self._ever if own.id in sources}
        taken = {variant.sku.lower() for variant in item.variants if variant.sku}
        stem = _stem(item.slug or slugs.slug_from(item.name))
        skus = []
        for variant in item.variants:
            sku = variant.sku or made.get(variant.external_id) or self._free_sku(stem, taken)
            taken.add(sku.lower())
            skus.append(sku)
        return skus

    def follow(self, item: Item, stored: StoredItem) -> StoredItem:
        """Change the stock of existing variants by as much as it has changed in the source.

        Taking over the count itself would sell those units twice that were sold here in between.
        """
        counts = {source.variant_id: source.stock for source in self._sources.values()}
        known = {variant.id for variant in self._ever}
        pairs = list(zip(stored.variants, item.variants, strict=True))
        for own, theirs in sorted(pairs, key=lambda pair: pair[0].key):  # as buyers lock them
            last = counts.get(own.id)
            uncounted = last is not None and not own.tracked  # somebody has ended counting here
            if own.id in known and theirs.stock is not None and not uncounted:
                delta = theirs.stock - (own.available if last is None else last)
                stock.adjust(self._tx, own, delta=delta, reason="import", actor=None)
        origins.put_variants(
            self._tx,
            [
                SourceVariant(
                    own.id, theirs.external_id, counts.get(own.id) if theirs.stock is None else theirs.stock
                )
                for own, theirs in pairs
            ],
        )
        return stored

    def _free_sku(self, stem: str, taken: set[str]) -> str:
        number = 1
        while True:
            sku = f"{stem}-{number}"
            key = sku.lower()
            if key not in taken and not queries.list_sku_owners(self._tx, keys=[key]):
                return sku
            number += 1


def _stem(slug: str) -> str:
    ascii_only = "".join(character for character in slug if character.isascii() and character not in "%~ ")
    return ascii_only.strip("-")[: LONGEST_SKU - 6] or "item"
