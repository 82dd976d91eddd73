"""What travels of tags, categories and authors."""

from __future__ import annotations

import msgspec

from api.articles.authors.records import Counted


class CountedView(msgspec.Struct):
    """A tag or an author, and how many published articles it has."""

    name: str
    slug: str
    count: int

    @classmethod
    def of(cls, counted: Counted) -> CountedView:
        """A tag or an author as it travels."""
        return cls(counted.name, counted.slug, counted.count)


class CategoryView(msgspec.Struct):
    """A category, the slug of the one that it is under, and how many published articles it has itself."""

    name: str
    slug: str
    parent: str | None
    count: int

    @classmethod
    def of(cls, counted: Counted) -> CategoryView:
        """A category as it travels."""
        return cls(counted.name, counted.slug, counted.parent, counted.count)
