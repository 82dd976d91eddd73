"""Authors as the queries return them."""

from __future__ import annotations

from msgspec import Struct


class Author(Struct, frozen=True):
    """A name under which articles appear."""

    id: str
    name: str
    slug: str
    account_id: str | None = None


class CountedAuthor(Struct, frozen=True):
    """An author, and how many published articles they have."""

    name: str
    slug: str
    count: int
