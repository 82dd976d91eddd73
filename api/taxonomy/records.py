"""Terms as the queries return them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Scope = Literal["articles", "items"]
Kind = Literal["tag", "category"]


class Term(Struct, frozen=True):
    """A tag, or a category with its parent."""

    id: str
    name: str
    slug: str
    parent_id: str | None = None


class CountedTerm(Struct, frozen=True):
    """A term, the slug of the one above it, and how many things of the public are filed under it itself."""

    id: str
    name: str
    slug: str
    parent: str | None
    count: int


class Use(Struct, frozen=True):
    """A thing that is filed under a term, or a category below it."""

    kind: Literal["article", "item", "category"]
    id: str
    title: str
