"""Items of an export as the rules of the shop take them."""

from __future__ import annotations

from api.imports.records import Item, Variant
from api.shop.items.records import ItemDraft, Option
from api.shop.items.rules import described
from api.shop.money import Money
from api.shop.variants.records import VariantDraft
from api.text.images import ImageDraft


def item_draft(item: Item, currency: str) -> ItemDraft:
    """The item; what has no price is a draft and waits for one at 0."""
    return ItemDraft(
        name=item.name,
        slug=item.slug,
        kind=item.kind,
        status=item.status,
        summary=item.summary or None,
        categories=item.categories,
        tags=item.tags,
        images=tuple(ImageDraft(url=image.url, alt=image.alt) for image in item.images),
        options=tuple(Option(name=option.name, values=option.values) for option in item.options),
        variants=tuple(_variant(variant, currency) for variant in item.variants),
        **described(item.description or None, "html"),
    )


def _variant(variant: Variant, currency: str) -> VariantDraft:
    return VariantDraft(
        sku=variant.sku,
        price=Money(variant.price or 0, currency),
        compare_at=Money(variant.compare_at, currency) if variant.compare_at is not None else None,
        options=variant.options,
        stock=variant.stock,
        label=variant.name,
        external_id=variant.external_id,
    )
