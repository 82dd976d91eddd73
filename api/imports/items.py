"""The import of items: each is created once, and updated when its source has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from msgspec.structs import replace

from api.errors import Conflict
from api.imports import merging, skus
from api.imports.addresses import OldAddresses
from api.imports.assembly import OF_ITEMS
from api.imports.origins import queries as origins
from api.imports.origins import rules
from api.imports.origins.records import Origin
from api.imports.places import OWN_SKU, Place, Places, folded_sku, looks_of
from api.imports.records import Field, Item, Variant, Withheld
from api.imports.report import DELETED, OTHER_SLUG, WITHDRAWN, Report
from api.imports.stock import Supplies
from api.redirects.records import Target
from api.shop.items import queries as item_queries
from api.shop.items import rules as catalog
from api.shop.items.records import Item as StoredItem
from api.shop.items.records import ItemDraft
from api.shop.variants import queries as variant_queries
from api.shop.variants import rules as variants
from api.shop.variants.records import Variant as StoredVariant
from api.storage import Transaction
from api.text import markup
from api.times import instant

NO_PRODUCT = (
    "its product is not in this file and was not imported before; export it together with its product"
)
NO_NAME = "it is not known here, and this file has no name for it; import a file with the column “Name” first"
NO_PRICE = "it has no price; it becomes a draft"
NO_VARIATION = "this file contains no variation of it that is for sale; it becomes a draft"
OTHER_NUMBER = "another product was imported with its number; both are here now"
CHANGE_SKU = "Change it in the source, or delete what has it here."
OTHER_SKU = "skus have only letters a to z, digits, “.”, “_” and “-”, and each is used once"

_WHOLE = "whole"


def description_html(item: Item) -> str | None:
    """The item's text as safe HTML."""
    return markup.render(item.description, "html") if item.description else None


def fitting_skus(items: Iterable[Item]) -> frozenset[str]:
    """The skus of a file that can stay as they are, so that no other one becomes equal to them."""
    written = (variant.sku for item in items for variant in item.variants)
    return frozenset(sku.lower() for sku in written if sku and skus.fits(sku))


class Items:
    """The items of a run."""

    def __init__(
        self,
        tx: Transaction,
        currency: str,
        report: Report,
        addresses: OldAddresses,
        reserved: Collection[str] = (),
    ) -> None:
        self._tx = tx
        self._currency = currency
        self._report = report
        self._addresses = addresses
        self._reserved = reserved
        self._places = Places(tx)

    def bring(self, item: Item, description_html: str | None) -> None:
        """Create the item, or update it if it has changed in the source; skip it if its sku is taken."""
        place = self._places.of(item)
        if place is None:
            self._report.skip("product_variation", NO_PRODUCT, _label(item))
        elif place.origin is None:
            self._create(item, description_html, place)
        elif place.origin.is_deleted:
            self._report.skip("item", DELETED, _label(item))
        elif rules.states(place.origin).get(_WHOLE) == self._whole(item):
            self._report.count("items", "unchanged")
        else:
            self._update(item, description_html, place, place.origin)

    def withdraw(self, row: Withheld) -> None:
        """Unpublish what an earlier run made of a row that is withheld now."""
        place = self._places.of(row)
        if place and place.origin:
            self._withdraw(place, place.origin, row.title)

    def _create(self, item: Item, description_html: str | None, place: Place) -> None:
        if "name" in item.unsaid:
            self._report.skip("product", NO_NAME, _label(item))
            return
        supplies = Supplies(self._tx, reserved=self._reserved)
        own_skus = supplies.skus(item, item.variants, [None] * len(item.variants))
        draft = merging.new(item, description_html, skus=own_skus, currency=self._currency, now=self._tx.now)
        if not self._can_be_stored(draft, item_id="", label=item.name):
            return
        stored = catalog.create(
            self._tx,
            draft,
            currency=self._currency,
            actor=None,
            reason="import",
            renumber=True,
            old_slugs=item.old_slugs,
            created_at=instant(item.created_at) if item.created_at else None,
        )
        self._keep_addresses(item, stored)
        if item.slug and stored.slug != item.slug:
            self._report.note("item", OTHER_SLUG, f"{item.slug} → {stored.slug}")
        supplies.follow(stored, list(zip(own_skus, item.variants, strict=True)), item.unsaid)
        states = {**merging.changes(item, {}).states, **_own_sku(item), _WHOLE: self._whole(item)}
        looks, fingerprint = looks_of(item), msgspec.json.encode(states).decode()
        origins.insert_origin(self._tx, place.key, local_id=stored.id, fingerprint=fingerprint, looks=looks)
        self._report.count("items", "created")
        if place.key.external_id != item.external_id:
            self._report.note("product", OTHER_NUMBER, item.name)
        self._note(item, draft, zip(item.variants, own_skus, strict=True))

    def _update(self, item: Item, description_html: str | None, place: Place, origin: Origin) -> None:
        stored, before = self._stored(origin.local_id), rules.states(origin)
        if place.variant_id and stored.options:
            item = _of_variation(item)
        changes = merging.changes(item, before)
        ever = variant_queries.list_variants_ever(self._tx, item_id=stored.id)
        supplies = Supplies(self._tx, ever, self._reserved)
        theirs = merging.sold(item)
        if "type" in item.unsaid:
            own = [variant for variant in ever if variant.id == place.variant_id]
            theirs = theirs if own else ()
            matches: list[StoredVariant | None] = [*own] if theirs else []
            ended = {variant.key for variant in own if item.ended}
        else:
            matches = supplies.match(theirs)
            ended = {match.key for match in supplies.match(item.ended) if match}
        own_skus = supplies.skus(item, theirs, matches)
        as_stored = merging.as_stored(stored)
        draft = merging.with_fields(as_stored, item, description_html, changes, before)
        draft = merging.with_variants(
            draft,
            stored,
            replace(item, variants=theirs),
            skus=own_skus,
            matches=matches,
            ended=ended,
            sources=supplies.sources,
            currency=self._currency,
            now=self._tx.now,
            structure="variants" in changes.fields,
        )
        if not self._can_be_stored(draft, item_id=stored.id, label=_label(item)):
            if (item.status == "draft" or item.hidden) and "type" not in item.unsaid:
                self._withdraw(place, origin, item.name)
            return
        changed = draft != as_stored
        if changed:
            stored = self._change(stored, draft)
        self._keep_addresses(item, stored)
        pairs = list(zip(own_skus, theirs, strict=True))
        changed = supplies.follow(stored, pairs, item.unsaid) or changed
        whole = {_WHOLE: self._whole(item)} if "type" not in item.unsaid else {}
        fingerprint = msgspec.json.encode({**before, **changes.states, **_own_sku(item), **whole}).decode()
        looks = looks_of(item) if "name" not in item.unsaid else origin.looks
        origins.update_origin(self._tx, place.key, fingerprint=fingerprint, looks=looks)
        self._report.count("items", "updated" if changed else "unchanged")
        if changed:
            new = [(theirs, sku) for sku, theirs in pairs if sku not in {variant.sku for variant in ever}]
            self._note(item, draft, new)

    def _can_be_stored(self, draft: ItemDraft, *, item_id: str, label: str) -> bool:
        try:
            variants.check(draft.variants, options=draft.options, currency=self._currency)
            variants.check_skus(self._tx, draft.variants, item_id=item_id)
        except variants.SkuTaken as taken:
            self._report.skip("item", f"{taken.detail} {CHANGE_SKU}", label)
            return False
        except Conflict as conflict:
            self._report.skip("item", conflict.detail, label)
            return False
        return True

    def _change(self, before: StoredItem, draft: ItemDraft) -> StoredItem:
        if before.is_public and draft.status == "draft":
            self._report.note("item", WITHDRAWN, draft.name)
        return catalog.change(self._tx, before, draft, currency=self._currency, actor=None, reason="import")

    def _keep_addresses(self, item: Item, stored: StoredItem) -> None:
        self._addresses.keep(item.old_addresses, Target("item", stored.id), item.name)

    def _withdraw(self, place: Place, origin: Origin, name: str) -> None:
        if origin.is_deleted:
            return
        states = {**rules.states(origin), "published": rules.WITHDRAWN, _WHOLE: rules.WITHDRAWN}
        item = self._stored(origin.local_id)
        catalog.withdraw(self._tx, item)
        fingerprint = msgspec.json.encode(states).decode()
        origins.update_origin(self._tx, place.key, fingerprint=fingerprint, looks=origin.looks)
        if item.is_public:
            self._report.note("item", WITHDRAWN, name)

    def _note(self, item: Item, draft: ItemDraft, new: Iterable[tuple[Variant, str]]) -> None:
        """Note why the item is a draft, and the skus that are not those of the source."""
        if draft.status == "draft" and item.status == "published":
            if merging.is_hollow(item):
                self._report.note("product", NO_VARIATION, item.name)
            elif any(variant.price is None for variant in item.variants):
                self._report.note("product", NO_PRICE, item.name)
        for variant, sku in new:
            if variant.sku and variant.sku != sku:
                self._report.note("sku", OTHER_SKU, f"{variant.sku} → {sku}")

    def _whole(self, item: Item) -> str:
        return rules.fingerprint(replace(item, created_at=None), self._currency)

    def _stored(self, local_id: str) -> StoredItem:
        item = item_queries.find_item(self._tx, ref=local_id, hidden=True, lock=True)
        assert item is not None  # noqa: S101  # its origin says so in this transaction
        return item


def _own_sku(item: Item) -> dict[str, str]:
    """The sku of a product itself, which is no variant if it has variations."""
    sku = folded_sku(item.sku)
    return {OWN_SKU: sku} if sku and "type" not in item.unsaid else {}


def _of_variation(item: Item) -> Item:
    """A row that turns out to be a variation speaks of its price and stock, and of whether it is sold."""
    if item.status == "draft" and "published" not in item.unsaid:
        item = replace(item, ended=item.variants)
    inherited: tuple[Field, ...] = () if any(variant.weight_g for variant in item.variants) else ("weight_g",)
    return replace(item, unsaid=(*OF_ITEMS, *inherited, *item.unsaid))


def _label(item: Item) -> str:
    return item.name or next((v.sku for v in (*item.variants, *item.ended) if v.sku), item.external_id)
