"""Items as the queries return them, and drafts as the rules take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.shop.variants.records import Variant, VariantDraft
from api.taxonomy.records import Term
from api.text.images import Image, ImageDraft
from api.text.markup import Format, text_of
from api.times import Instant

Kind = Literal["physical", "digital", "service", "external"]
Status = Literal["draft", "published", "archived"]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A choice that the buyer has, such as Size: S or M."""

    name: Annotated[str, Meta(examples=["Colour"])]
    values: Annotated[tuple[str, ...], Meta(examples=[["Blue"]])]


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
    status: Status = "draft"
    summary: str | None = None
    description: str | None = None
    description_format: Format = "markdown"
    description_html: str | None = None
    categories: Sequence[str | tuple[str, ...]] | None = ()
    tags: tuple[str, ...] | None = ()
    images: tuple[ImageDraft, ...] = ()
    options: tuple[Option, ...] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something for sale, in at least one variant."""

    number: int
    id: str
    slug: str
    name: str
    kind: Kind
    status: Status
    summary: str | None
    description: str | None
    description_format: Format
    description_html: str | None
    options: tuple[Option, ...]
    images: tuple[Image, ...]
    created_at: Instant
    updated_at: Instant
    variants: tuple[Variant, ...]
    tags: tuple[Term, ...]
    categories: tuple[Term, ...]

    @property
    def text(self) -> str:
        """The text that a search covers besides name and terms."""
        skus = (variant.sku for variant in self.variants)
        return " ".join((self.summary or "", text_of(self.description_html or ""), *skus))
