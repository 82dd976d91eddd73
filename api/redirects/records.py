"""Redirects as the queries return them, and what the rules take."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.redirects.addresses import Address
from api.taxonomy.records import Scope
from api.times import Instant

TargetKind = Literal["article", "item", "tag", "category"]


class Target(Struct, frozen=True):
    """A thing that a redirect leads to: an article or a page, an item, a tag or a category."""

    kind: TargetKind
    id: str


class Thing(Struct, frozen=True, kw_only=True):
    """A target as it is now; a deleted item has no slug."""

    target: Target
    slug: str | None
    scope: Scope
    """What a tag or category is of."""
    is_public: bool


class Redirect(Struct, frozen=True, kw_only=True):
    """From an address to a `location`, or to a thing."""

    id: str
    address: Address
    location: str | None
    thing: Thing | None
    created_at: Instant


class RedirectDraft(Struct, frozen=True):
    """A redirect to be made."""

    address: Address
    location: str
