"""The import of items: each is created once, and updated when its source has changed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from api.errors import Conflict
from api.ids import indexable
from api.imports.origins import queries as origins
from api.imports.origins import rules
from api.imports.origins.records import Key, Origin
from api.imports.records import Item, Variant, Withheld
from api.imports.report import DELETED, WITHDRAWN, Report
from api.imports.stock import Supplies
from api.shop.items import queries as item_queries
from api.shop.items import rules as catalog
from api.shop.items.records import Item as StoredItem
from api.shop.items.records import ItemDraft
from api.shop.money import Money
from api.shop.variants import queries as variant_queries
from api.shop.variants import rules as variants
from api.shop.variants.records import VariantDraft
from api.storage import Transaction
from api.text import markup
from api.text.images import ImageDraft
from api.times import instant


def description_html(item: Item) -> str | None:
    """The item's text as safe HTML."""
    return markup.render(item.description, "html") if item.description else None


class Items:
    """The items of a run."""

    def __init__(self, tx: Transaction, currency: str, report: Report) -> None:
        self._tx = tx
        self._currency = currency
        self._report = report

    def bring(self, item: Item, description_html: str | None) -> None:
        """Create the item, or update it if it has changed in the source; skip it if its sku is taken."""
        key = Key("item", item.source, indexable(item.external_id))
        fingerprint = rules.fingerprint(replace(item, created_at=None), self._currency)
        origin = origins.find(self._tx, key)
        if origin is not None and origin.is_deleted:
            self._report.skip("item", DELETED, item.name)
        elif origin is not None and origin.fingerprint == fingerprint:
            self._report.count("items", "unchanged")
        else:
            self._store(item, description_html, key, origin, fingerprint)

    def withdraw(self, row: Withheld) -> None:
        """Unpublish what an earlier run made of a row that is withheld now."""
        key = Key("item", "woocommerce", indexable(row.external_id))
        self._withdraw(key, origins.find(self._tx, key), row.title)

    def _store(
        self, item: Item, description_html: str | None, key: Key, origin: Origin | None, fingerprint: str
    ) -> None:
        local_id = origin.local_id if origin else ""
        ever = variant_queries.list_variants_ever(self._tx, item_id=local_id) if origin else []
        supplies = Supplies(self._tx, ever)
        draft = _draft(item, description_html, skus=supplies.skus(item), currency=self._currency)
        try:
            variants.check(draft.variants, options=draft.options, currency=self._currency)
            variants.check_skus(self._tx, draft.variants, item_id=local_id)
        except Conflict as conflict:
            if item.status == "draft":
                self._withdraw(key, origin, item.name)
            self._report.skip("item", conflict.detail, item.name)
            return
        _, outcome = rules.follow(
            self._tx,
            key,
            origin,
            fingerprint=fingerprint,
            create=lambda: supplies.follow(item, self._create(item, draft)).id,
            change=lambda id_: supplies.follow(item, self._change(id_, draft)),
        )
        self._report.count("items", outcome)

    def _create(self, item: Item, draft: ItemDraft) -> StoredItem:
        return catalog.create(
            self._tx,
            draft,
            currency=self._currency,
            actor=None,
            reason="import",
            renumber=True,
            old_slugs=item.old_slugs,
            created_at=instant(item.created_at) if item.created_at else None,
        )

    def _change(self, local_id: str, draft: ItemDraft) -> StoredItem:
        before = self._stored(local_id)
        if before.status == "published" != draft.status:
            self._report.note("item", WITHDRAWN, draft.name)
        draft = replace(draft, slug=None)
        return catalog.change(self._tx, before, draft, currency=self._currency, actor=None, reason="import")

    def _withdraw(self, key: Key, origin: Origin | None, name: str) -> None:
        if origin is None or origin.is_deleted or origin.fingerprint == rules.WITHDRAWN:
            return
        item = self._stored(origin.local_id)
        catalog.withdraw(self._tx, item)
        rules.note_withdrawal(self._tx, key, origin)
        if item.status == "published":
            self._report.note("item", WITHDRAWN, name)

    def _stored(self, local_id: str) -> StoredItem:
        item = item_queries.find_item(self._tx, ref=local_id, hidden=True, lock=True)
        assert item is not None  # noqa: S101  # its origin says so in this transaction
        return item


def _draft(item: Item, description_html: str | None, *, skus: Sequence[str], currency: str) -> ItemDraft:
    """The item, its variants by these skus; one without a price is a draft priced at 0."""
    return ItemDraft(
        name=item.name,
        slug=item.slug,
        kind=item.kind,
        status=item.status,
        summary=item.summary or None,
        description=item.description or None,
        description_format="html",
        description_html=description_html,
        categories=item.categories,
        tags=item.tags,
        images=tuple(ImageDraft(url=image.url, alt=image.alt) for image in item.images),
        options=item.options,
        variants=tuple(
            _variant(variant, sku, currency) for variant, sku in zip(item.variants, skus, strict=True)
        ),
    )


def _variant(variant: Variant, sku: str, currency: str) -> VariantDraft:
    return VariantDraft(
        sku=sku,
        price=Money(variant.price or 0, currency),
        compare_at=Money(variant.compare_at, currency) if variant.compare_at is not None else None,
        options=variant.options,
        stock=variant.stock,
        label=variant.name,
    )
