"""The items of an export, as drafts."""

from __future__ import annotations

from collections.abc import Sequence

from api.imports.records import Item, Variant
from api.shop.items.records import ItemDraft, Option
from api.shop.money import Money
from api.shop.variants.records import VariantDraft
from api.text import markup
from api.text.images import ImageDraft


def description_html(item: Item) -> str | None:
    """The item's text as safe HTML."""
    return markup.render(item.description, "html") if item.description else None


def item_draft(item: Item, description_html: str | None, *, skus: Sequence[str], currency: str) -> ItemDraft:
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
        options=tuple(Option(name=option.name, values=option.values) for option in item.options),
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
