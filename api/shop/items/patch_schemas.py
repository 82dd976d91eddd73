"""The patch of an item over HTTP, and how it merges with the item that is there (RFC 7396)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from api.errors import FieldError
from api.shop.items.drafts import ItemDraft
from api.shop.items.records import Description, Item
from api.shop.items.schemas import (
    Images,
    Kind,
    Labels,
    Options,
    Status,
    description_of,
    options_of,
    paths_of,
    pictures_of,
)
from api.shop.variants.drafts import VariantDraft
from api.shop.variants.records import Variant
from api.shop.variants.rules import UnknownItem
from api.shop.variants.schemas import Body, VariantBody, VariantEntryBody
from api.text.fields import Document, Summary, Title
from api.text.slugs import Slug
from api.web.validation import UnknownField


class ItemPatchBody(Body):
    name: Title | UnsetType = UNSET
    variants: Annotated[list[VariantEntryBody], Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    summary: Summary | UnsetType | None = UNSET
    description: Annotated[Document | UnsetType | None, Meta(description="Markdown.")] = UNSET
    categories: Labels | UnsetType | None = UNSET
    tags: Labels | UnsetType | None = UNSET
    images: Images | UnsetType | None = UNSET
    options: Options | UnsetType | None = UNSET

    def changes_nothing(self) -> bool:
        """Whether no field was sent."""
        return self == ItemPatchBody()

    def described(self) -> Description | UnsetType | None:
        """The new description, rendered: for before the transaction."""
        return UNSET if self.description is UNSET else description_of(self.description)

    def applied_to(
        self, item: Item, *, ever: Sequence[Variant], described: Description | UnsetType | None
    ) -> ItemDraft:
        """The item with this patch merged in; `ever` is all that it is and was sold as."""
        return ItemDraft(
            name=_or(self.name, item.name),
            variants=_variants(item, ever, self.variants),
            slug=None if self.slug is UNSET else self.slug,
            kind=_or(self.kind, item.kind),
            status=_or(self.status, item.status),
            summary=_or(self.summary, item.summary),
            description=_or(described, item.description),
            categories=None if self.categories is UNSET else paths_of(self.categories or ()),
            tags=None if self.tags is UNSET else tuple(self.tags or ()),
            images=pictures_of(item.images if self.images is UNSET else self.images or ()),
            options=item.options if self.options is UNSET else options_of(self.options or ()),
        )


def _or(value: Any, default: Any) -> Any:
    return default if value is UNSET else value


def _variants(
    item: Item, ever: Sequence[Variant], entries: Sequence[VariantEntryBody] | UnsetType
) -> tuple[VariantDraft, ...]:
    if entries is UNSET:
        return tuple(_draft(variant, VariantEntryBody(sku=variant.sku)) for variant in item.variants)
    known = {variant.sku.lower(): variant for variant in ever}
    _check_stock(entries, known)
    _check_new(entries, known)
    return tuple(_draft(known.get(entry.sku.lower()), entry) for entry in entries)


def _draft(variant: Variant | None, entry: VariantEntryBody) -> VariantDraft:
    if variant is not None:
        price, compare_at = entry.prices(variant)
        return VariantDraft(
            sku=variant.sku, price=price, compare_at=compare_at, options=entry.choices(variant)
        )
    assert entry.price is not UNSET  # noqa: S101  # _check_new
    return VariantBody(
        sku=entry.sku,
        price=entry.price,
        compare_at=_or(entry.compare_at, None),
        options=_or(entry.options, None) or {},
        stock=_or(entry.stock, None),
    ).draft()


def _check_stock(entries: Sequence[VariantEntryBody], known: dict[str, Variant]) -> None:
    """A 422 although it depends on what is stored: an exception of contract 6.29."""
    errors = tuple(
        FieldError(
            code=UnknownField.code,
            detail=f"{entry.sku} exists: change its stock with stock movements.",
            pointer=f"/variants/{index}/stock",
        )
        for index, entry in enumerate(entries)
        if entry.stock is not UNSET and entry.sku.lower() in known
    )
    if errors:
        raise UnknownField(errors[0].detail, errors=errors)


def _check_new(entries: Sequence[VariantEntryBody], known: dict[str, Variant]) -> None:
    errors = tuple(
        FieldError(
            code=UnknownItem.code,
            detail=f"The item has no {entry.sku}; to add it, give its price.",
            pointer=f"/variants/{index}/sku",
        )
        for index, entry in enumerate(entries)
        if entry.price is UNSET and entry.sku.lower() not in known
    )
    if errors:
        raise UnknownItem(errors[0].detail, errors=errors)
