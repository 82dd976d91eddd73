"""The records of origins."""

from __future__ import annotations

from typing import Literal

import msgspec

from api.times import Instant

Kind = Literal["account", "article", "author", "comment", "item", "media"]


class Key(msgspec.Struct, frozen=True):
    """A thing by its id in another system."""

    kind: Kind
    source: str
    external_id: str


class Looks(msgspec.Struct, frozen=True):
    """The description of a thing in its source, by which a reused id is noticed."""

    title: str | None = None
    slug: str | None = None
    created_at: Instant | None = None

    def fit(self, other: Looks) -> bool:
        """Whether both may describe one thing: title, slug or time of creation is the same."""
        mine, others = (self.title, self.slug, self.created_at), (other.title, other.slug, other.created_at)
        return any(value and value == another for value, another in zip(mine, others, strict=True))


class Origin(msgspec.Struct, frozen=True):
    """An imported thing: its id here, and its state in the source at that time."""

    local_id: str
    is_deleted: bool
    fingerprint: str
    looks: Looks


class SourceVariant(msgspec.Struct, frozen=True):
    """A variant as its source last described it; `sku` folded, `stock` None: not counted there."""

    variant_id: str
    external_id: str
    sku: str | None = None
    regular: int | None = None
    sale: int | None = None
    stock: int | None = None
    sale_from: Instant | None = None
    sale_until: Instant | None = None
    weight_g: int | None = None


class Imported(msgspec.Struct, frozen=True):
    """A variant of an item, as its source last described it."""

    item_id: str
    variant_id: str
    external_id: str
    sku: str | None
