"""The skus, prices and stock of imported variants, by what the source last said of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from api.imports import records, skus
from api.imports.offers import OFFER
from api.imports.origins import queries as origins
from api.imports.origins.records import SourceVariant
from api.imports.places import folded_sku, is_numbered
from api.shop.items.records import Item as StoredItem
from api.shop.stock import rules as stock
from api.shop.stock import tracking
from api.shop.variants import queries
from api.shop.variants.records import Variant
from api.storage import Transaction
from api.text import slugs


class Supplies:
    """The current and former variants of an item, with their last state in the source."""

    def __init__(self, tx: Transaction, ever: Sequence[Variant] = (), reserved: Collection[str] = ()) -> None:
        self._tx = tx
        self._ever = {variant.id: variant for variant in ever}
        self._reserved = reserved
        sources = origins.list_variants(tx, variant_ids=list(self._ever)) if ever else []
        self.sources = {source.variant_id: source for source in sources}

    def match(self, variants: Sequence[records.Variant]) -> list[Variant | None]:
        """The variant here of each in the source: by sku as written, or else by id or options."""
        free = dict(self._ever)
        return [self._matching(variant, free, alone=len(variants) == 1) for variant in variants]

    def skus(
        self, item: records.Item, variants: Sequence[records.Variant], matches: Sequence[Variant | None]
    ) -> list[str]:
        """A sku for each: the one it has here, its own, the nearest that is free, or `<slug>-<n>`."""
        taken = {variant.sku.lower() for variant in variants if variant.sku and skus.fits(variant.sku)}
        chosen = []
        for variant, match in zip(variants, matches, strict=True):
            sku = match.sku if match else self._new_sku(item, variant, taken)
            taken.add(sku.lower())
            chosen.append(sku)
        return chosen

    def follow(
        self, stored: StoredItem, pairs: Sequence[tuple[str, records.Variant]], unsaid: Collection[str]
    ) -> bool:
        """Change the stock of existing variants by as much as it has changed in the source.

        Taking over the count itself would sell those units twice that were sold here in between. Returns
        whether anything changed.
        """
        by_key = {own.key: own for own in stored.variants}
        known = [(by_key[sku.lower()], theirs) for sku, theirs in pairs if sku.lower() in by_key]
        ordered = sorted(known, key=lambda pair: pair[0].key)  # as buyers lock them
        changed = [
            own.id in self._ever and self._moved(own, theirs, can_end="stock" not in unsaid)
            for own, theirs in ordered
        ]
        origins.put_variants(self._tx, [self._source(own, theirs, unsaid) for own, theirs in known])
        return any(changed)

    def _moved(self, own: Variant, theirs: records.Variant, *, can_end: bool) -> bool:
        last = self.sources.get(own.id)
        counted = last.stock if last else None
        if theirs.stock is None:
            if can_end and _was_out(own, counted):
                tracking.end(self._tx, own, actor=None)
                return True
            return False
        delta = theirs.stock - (own.available if counted is None else counted)
        uncounted = counted is not None and not own.tracked  # somebody has ended counting here
        if uncounted or (own.tracked and not delta):
            return False
        stock.adjust(self._tx, own, delta=delta, reason="import", actor=None)
        return True

    def _matching(self, variant: records.Variant, free: dict[str, Variant], *, alone: bool) -> Variant | None:
        sku, sources = folded_sku(variant.sku), self.sources
        if sku:
            match = next(
                (own for own in free.values() if own.id in sources and sources[own.id].sku == sku), None
            )
            exact = (variant.sku or "").strip().lower()
            unnamed = (own for own in free.values() if own.id not in sources or sources[own.id].sku is None)
            match = match or next((own for own in unnamed if own.key == exact), None)
        else:
            match = next(
                (
                    own
                    for own in free.values()
                    if own.id in sources and sources[own.id].external_id == variant.external_id
                ),
                None,
            )
            current = [own for own in free.values() if not own.retired]
            match = match or next(
                (own for own in current if own.options == variant.options and (variant.options or alone)),
                None,
            )
        if match:
            del free[match.id]
        return match

    def _new_sku(self, item: records.Item, variant: records.Variant, taken: set[str]) -> str:
        if variant.sku and skus.fits(variant.sku):
            return variant.sku
        if variant.sku and (fitted := skus.fitted(variant.sku)):
            return self._free_sku(fitted, taken, 1)
        return self._free_sku(_stem(item.slug or slugs.slug_from(item.name)), taken, 0)

    def _free_sku(self, stem: str, taken: set[str], used: int) -> str:
        """The stem, or with a number behind it, that nothing here and nothing in the file has."""
        sku, number = stem, used
        while not number or sku.lower() in taken or sku.lower() in self._reserved or self._is_owned(sku):
            number += 1
            sku = skus.numbered(stem, number)
        return sku

    def _is_owned(self, sku: str) -> bool:
        return bool(queries.list_sku_owners(self._tx, keys=[sku.lower()]))

    def _source(self, own: Variant, theirs: records.Variant, unsaid: Collection[str]) -> SourceVariant:
        last = self.sources.get(own.id, SourceVariant(own.id, theirs.external_id))
        out = "stock" not in unsaid and _was_out(own, last.stock)
        renumbered = is_numbered(theirs.external_id) and "type" not in unsaid
        return SourceVariant(
            own.id,
            theirs.external_id if renumbered else last.external_id,
            sku=folded_sku(theirs.sku) or last.sku,
            stock=last.stock if theirs.stock is None and not out else theirs.stock,
            **{name: getattr(last if name in unsaid else theirs, name) for name in (*OFFER, "weight_g")},
        )


def _was_out(own: Variant, counted: int | None) -> bool:
    """Whether it was sold out there, and still is here: if it is no longer counted, it is back."""
    return own.tracked and own.available == own.overdue == counted == 0


def _stem(slug: str) -> str:
    ascii_only = "".join(character for character in slug if character.isascii() and character not in "%~ ")
    return ascii_only.strip("-")[: skus.LONGEST - 6] or "item"
