"""Items as the queries return them, and drafts as the rules take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.shop.variants.records import STANDARD, TaxClass, Variant, VariantDraft
from api.taxonomy.records import Term
from api.text import slugs
from api.text.images import Image, ImageDraft
from api.text.markup import Format, text_of
from api.times import Instant

Kind = Literal["physical", "digital", "service", "external"]
Status = Literal["draft", "published", "unlisted", "archived"]
"""Everybody sees what is published or unlisted; only what is published is in lists."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A choice that the buyer has, such as Size: S or M."""

    name: Annotated[str, Meta(examples=["Colour"])]
    values: Annotated[tuple[str, ...], Meta(examples=[["Blue"]])]


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """Something to know about an item that is no choice, such as its material, brand or GTIN."""

    name: Annotated[str, Meta(examples=["Material"])]
    value: Annotated[str, Meta(examples=["Enamelled steel"])]


class ItemDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An item to be. `slug` None: from the name, or as before. `categories`: names, or paths from the
    top: a name means a category wherever it is in the tree.

    Categories or tags that are None stay as before. The HTML of the description is made before a transaction
    begins, since that takes its time.
    """

    name: str
    variants: tuple[VariantDraft, ...]
    slug: str | None = None
    kind: Kind = "physical"
    tax_class: TaxClass = STANDARD
    external_url: str | None = None
    status: Status = "draft"
    summary: str | None = None
    description: str | None = None
    description_format: Format = "markdown"
    description_html: str | None = None
    categories: Sequence[str | tuple[str, ...]] | None = ()
    tags: tuple[str, ...] | None = ()
    images: tuple[ImageDraft, ...] = ()
    options: tuple[Option, ...] = ()
    properties: tuple[Property, ...] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something for sale, in at least one variant."""

    number: int
    id: str
    slug: str
    name: str
    kind: Kind
    tax_class: TaxClass
    external_url: str | None
    status: Status
    summary: str | None
    description: str | None
    description_format: Format
    description_html: str | None
    options: tuple[Option, ...]
    properties: tuple[Property, ...]
    images: tuple[Image, ...]
    created_at: Instant
    updated_at: Instant
    version: int
    variants: tuple[Variant, ...]
    tags: tuple[Term, ...]
    categories: tuple[Term, ...]

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it who knows its slug."""
        return self.status in ("published", "unlisted")

    def goes_by(self, ref: str) -> bool:
        """Whether `ref` is its id or its present slug, and not an old one."""
        return slugs.composed(ref) in (self.id, self.slug)

    @property
    def skus(self) -> tuple[str, ...]:
        """The skus of its variants."""
        return tuple(variant.sku for variant in self.variants)

    @property
    def text(self) -> str:
        """The text that a search covers besides name and terms."""
        properties = (f"{one.name} {one.value}" for one in self.properties)
        return " ".join((self.summary or "", text_of(self.description_html or ""), *properties, *self.skus))
