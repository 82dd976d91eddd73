"""Items as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.shop.variants.records import Variant
from api.taxonomy.records import Term
from api.text.markup import Format
from api.times import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an item, by address."""

    id: str
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that the buyer chooses, and between what: Size, of S and M."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A text in both its forms; `html` is rendered before a transaction begins, since that takes its time."""

    source: str
    format: Format
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something for sale, in at least one variant."""

    number: int
    id: str
    slug: str
    name: str
    kind: str
    status: str
    summary: str | None
    description: Description | None
    options: tuple[Option, ...]
    images: tuple[Image, ...]
    created_at: Instant
    updated_at: Instant
    variants: tuple[Variant, ...]
    tags: tuple[Term, ...]
    categories: tuple[Term, ...]
