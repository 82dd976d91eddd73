"""Tags and categories as JSON."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api.taxonomy.records import CountedTerm, Scope
from api.text import slugs
from api.text.fields import Label, SoughtSlug
from api.text.slugs import Slug
from api.web.paging import PageQuery, SlugPageQuery
from api.web.patches import patch_of
from api.web.views import view_of


class FiledQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of what is filed under tags and categories, which are named by their slugs."""

    tag: SoughtSlug | None = None
    category: SoughtSlug | None = None

    def filters(self) -> dict[str, Any]:
        """The filters that were sent, slugs in the form that is stored."""
        sent = super().filters().items()
        return {name: slugs.composed(value) if isinstance(value, str) else value for name, value in sent}


class TermsQuery(SlugPageQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of the tags or categories of articles, or of items."""

    of: Scope = "articles"


class TermQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The tags or categories among which this one is."""

    of: Scope = "articles"


class RemovalQuery(TermQuery, forbid_unknown_fields=True, kw_only=True):
    """The removal of a tag or category; `into` is the slug of another, for what used it."""

    into: SoughtSlug | None = None


class TagBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A tag by name and slug."""

    name: Annotated[Label, Meta(examples=["Weather"])]
    slug: Annotated[Slug, Meta(examples=["weather"])]


class CategoryBody(TagBody, forbid_unknown_fields=True, kw_only=True):
    """A category by name and slug, below the one of the slug `parent`."""

    parent: Annotated[SoughtSlug | None, Meta(examples=[None])] = None


TagPatch = patch_of(TagBody)
CategoryPatch = patch_of(CategoryBody)


class TagView(msgspec.Struct):
    """A tag, and how many published articles, or published items, it has."""

    name: Annotated[str, Meta(examples=["Weather"])]
    slug: Annotated[str, Meta(examples=["weather"])]
    count: Annotated[int, Meta(examples=[12])]

    @classmethod
    def of(cls, term: CountedTerm) -> TagView:
        """`term` as it is shown."""
        return view_of(cls, term)


class CategoryView(msgspec.Struct):
    """A category; `parent` is the slug of the one above it, `count` what is published in it itself."""

    name: Annotated[str, Meta(examples=["Notes"])]
    slug: Annotated[str, Meta(examples=["notes"])]
    parent: Annotated[str | None, Meta(examples=[None])]
    count: Annotated[int, Meta(examples=[12])]

    @classmethod
    def of(cls, term: CountedTerm) -> CategoryView:
        """`term` as it is shown."""
        return view_of(cls, term)
