"""Tags and categories as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.taxonomy.records import CountedTerm
from api.web.views import view_of


class TagView(msgspec.Struct):
    """A tag, and how many published articles it has."""

    name: Annotated[str, Meta(examples=["Weather"])]
    slug: Annotated[str, Meta(examples=["weather"])]
    count: Annotated[int, Meta(examples=[12])]

    @classmethod
    def of(cls, term: CountedTerm) -> TagView:
        """`term` as it is shown."""
        return view_of(cls, term)


class CategoryView(msgspec.Struct):
    """A category; `parent` is the slug of the one above it, `count` its published articles."""

    name: Annotated[str, Meta(examples=["Notes"])]
    slug: Annotated[str, Meta(examples=["notes"])]
    parent: Annotated[str | None, Meta(examples=[None])]
    count: Annotated[int, Meta(examples=[12])]

    @classmethod
    def of(cls, term: CountedTerm) -> CategoryView:
        """`term` as it is shown."""
        return view_of(cls, term)
