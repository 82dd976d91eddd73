"""Origins as the queries return them and the rules of an import take them."""

from __future__ import annotations

from typing import Literal

import msgspec

from api.times import Instant

Kind = Literal["article", "author", "comment", "item"]


class Key(msgspec.Struct, frozen=True):
    """A thing by what another system calls it."""

    kind: Kind
    source: str
    external_id: str


class Looks(msgspec.Struct, frozen=True):
    """How the source describes a thing, so that an id which means another thing some day is noticed."""

    title: str | None = None
    slug: str | None = None
    created_at: Instant | None = None

    def fit(self, other: Looks) -> bool:
        """Whether it may be one thing: its title, slug or time is the same, whatever else has changed."""
        mine, others = (self.title, self.slug, self.created_at), (other.title, other.slug, other.created_at)
        return any(value and value == another for value, another in zip(mine, others, strict=True))


class Origin(msgspec.Struct, frozen=True):
    """What an import brought: its id here, and its state there at that time."""

    local_id: str
    is_deleted: bool
    fingerprint: str
    looks: Looks


class SourceVariant(msgspec.Struct, frozen=True):
    """A variant as its source last had it; `stock` None: it was not counted there."""

    variant_id: str
    external_id: str
    stock: int | None
