"""Authors as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """A name under which articles appear."""

    id: str
    name: str
    slug: str
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A tag, a category or an author, and how many published articles it has."""

    slug: str
    name: str
    parent: str | None
    count: int
