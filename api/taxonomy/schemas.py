"""Tags and categories as JSON."""

from __future__ import annotations

import msgspec

from api.taxonomy.records import CountedTerm
from api.web.views import view_of


class TagView(msgspec.Struct):
    """A tag, and how many published articles it has."""

    name: str
    slug: str
    count: int

    @classmethod
    def of(cls, term: CountedTerm) -> TagView:
        """`term` as it is shown."""
        return view_of(cls, term)


class CategoryView(msgspec.Struct):
    """A category; `parent` is the slug of the one above it, `count` its published articles."""

    name: str
    slug: str
    parent: str | None
    count: int

    @classmethod
    def of(cls, term: CountedTerm) -> CategoryView:
        """`term` as it is shown."""
        return view_of(cls, term)
