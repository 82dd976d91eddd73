"""Articles as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from api import times
from api.articles.authors.records import Author
from api.articles.writing import drafts, numbering
from api.articles.writing.drafts import ArticleDraft
from api.articles.writing.records import Article, ArticleStatus, ArticleType, CommentPolicy, Position
from api.media.schemas import check_sources
from api.roles import ARTICLES_EDIT, ARTICLES_WRITE, Viewer, may
from api.settings.public_site import PublicSite
from api.settings.types import LANGUAGE
from api.taxonomy.records import Term
from api.taxonomy.schemas import FiledQuery
from api.text.fields import Document, Label, Moment, Search, SoughtSlug, Summary, Time, Title, id_example
from api.text.images import Alt, Image, ImageDraft, SentImageOrNone
from api.text.markup import Format
from api.text.slugs import Slug
from api.times import Instant
from api.web import paging
from api.web.paging import RankCursor
from api.web.patches import patch_of
from api.web.views import view_of

Language = Annotated[str, Meta(max_length=35, pattern=LANGUAGE, examples=["en"])]
"""A language tag (RFC 5646), such as `en` or `pt-BR`."""

Tags = Annotated[list[Label], Meta(max_length=50, examples=[["Weather"]])]
Categories = Annotated[list[Label], Meta(max_length=50, examples=[["Notes"]])]
"""Names, like those of tags; those that are new are made."""

Authors = Annotated[list[Slug], Meta(min_length=1, max_length=50)]
"""Slugs, in the order of the byline: for editors to say."""


class ArticleBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new article or page."""

    title: Annotated[Title, Meta(examples=["Fog over the harbour"])]
    body: Annotated[Document, Meta(examples=["The ferry came late, and *nobody* minded."])]
    type: ArticleType = "article"
    format: Annotated[Format, Meta(examples=["markdown"])] = "markdown"
    slug: Annotated[Slug, Meta(examples=["fog-over-the-harbour"])] | None = None
    excerpt: Annotated[Summary, Meta(examples=["A morning on the pier."])] | None = None
    language: Language | None = None
    image: SentImageOrNone = None
    authors: Annotated[Authors | None, Meta(examples=[None])] = None
    tags: Tags = []
    categories: Categories = []
    featured: Annotated[bool, Meta(examples=[False])] = False
    comment_policy: Annotated[CommentPolicy, Meta(examples=["open"])] = "open"

    def draft(self) -> ArticleDraft:
        """The article asked for; renders the text, so before a transaction begins. Raises Required."""
        check_sources([("/image", self.image)] if self.image else [])
        return view_of(
            ArticleDraft,
            self,
            text=drafts.typeset(self.body, self.format),
            authors=None if self.authors is None else tuple(self.authors),
            tags=tuple(self.tags),
            categories=tuple(self.categories),
        )


class RenderingBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A text as the body of an article has it."""

    body: Annotated[Document, Meta(examples=["The ferry came late, and *nobody* minded."])]
    format: Annotated[Format, Meta(examples=["markdown"])] = "markdown"


class RenderingView(msgspec.Struct):
    """A text as the page of an article would show it."""

    body_html: Annotated[str, Meta(examples=["<p>The ferry came late, and <em>nobody</em> minded.</p>\n"])]


ArticlePatch = patch_of(
    ArticleBody,
    slug=Annotated[Slug, Meta(examples=[])],
    image=patch_of(ImageDraft, alt=Alt | None) | None,
    authors=Annotated[Authors, Meta(examples=[])],
    tags=Tags | None,
    categories=Categories | None,
)


class PublicationBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The time of publication: missing or null is now."""

    publish_at: Moment | None = None

    def instant(self) -> Instant | None:
        """The time as it is stored."""
        return times.instant(self.publish_at) if self.publish_at else None


class ArticlesQuery(FiledQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of articles; `tag`, `category` and `author` are slugs."""

    after: RankCursor | None = None
    type: ArticleType = "article"
    author: SoughtSlug | None = None
    q: Search | None = None
    status: ArticleStatus | Literal["all"] = "published"
    featured: bool | None = None
    language: Language | None = None
    published_after: Moment | None = None
    published_before: Moment | None = None
    updated_since: Moment | None = None

    def filters(self) -> dict[str, Any]:
        """The filters that were sent, times as they are stored."""
        sent = super().filters().items()
        return {name: times.instant(value) if isinstance(value, datetime) else value for name, value in sent}

    def position(self) -> Position | None:
        """The start of the page."""
        if self.after is None:
            return None
        return Position(int(self.after[0]), paging.time_of(self.after[1:18]), f"art_{self.after[18:]}")

    def cursor(self, row: Article) -> str:
        """The position of an article in a list, or among the hits of a search."""
        at = row.listed_at
        if row.rank is None:
            return f"0{paging.time_cursor(at, row.id)}"
        return f"{row.rank}{paging.time_cursor(at, numbering.mark(row.number, at))}"


class NamedView(msgspec.Struct):
    """A tag, category or author by name and slug."""

    name: Annotated[str, Meta(examples=["Ada Brandt"])]
    slug: Annotated[str, Meta(examples=["ada-brandt"])]

    @classmethod
    def each(cls, things: tuple[Term, ...] | tuple[Author, ...]) -> list[NamedView]:
        """All of `things` as they are shown."""
        return [cls(thing.name, thing.slug) for thing in things]


class ArticleSummaryView(msgspec.Struct, kw_only=True):
    """An article as lists show it: without its text."""

    id: Annotated[str, id_example("art")]
    type: ArticleType
    slug: Annotated[str, Meta(examples=["fog-over-the-harbour"])]
    title: Annotated[str, Meta(examples=["Fog over the harbour"])]
    status: Annotated[ArticleStatus, Meta(examples=["published"])]
    excerpt: Annotated[str | None, Meta(examples=["A morning on the pier."])]
    language: Annotated[str | None, Meta(examples=["en"])]
    image: Image | None
    format: Annotated[Format, Meta(examples=["markdown"])]
    authors: list[NamedView]
    tags: Annotated[list[NamedView], Meta(examples=[[{"name": "Weather", "slug": "weather"}]])]
    categories: Annotated[list[NamedView], Meta(examples=[[{"name": "Notes", "slug": "notes"}]])]
    featured: Annotated[bool, Meta(examples=[False])]
    comment_policy: Annotated[CommentPolicy, Meta(examples=["open"])]
    comment_count: Annotated[int, Meta(examples=[3])]
    publish_at: Time | None
    published_at: Time | None
    created_at: Time
    updated_at: Time
    version: Annotated[int, Meta(examples=[1])]
    url: Annotated[str, Meta(examples=["https://example.org/article/?slug=fog-over-the-harbour"])]

    @classmethod
    def of(cls, article: Article, *, site: PublicSite) -> Self:
        """`article` as it is shown; `site` has its page."""
        return view_of(
            cls,
            article,
            image=article.image.shown(site) if article.image else None,
            authors=NamedView.each(article.authors),
            tags=NamedView.each(article.tags),
            categories=NamedView.each(article.categories),
            published_at=article.publish_at if article.status == "published" else None,
            url=site.article_url(article.slug),
        )


class ArticleView(ArticleSummaryView, kw_only=True):
    """An article with its text: `body` as it was written, for who may edit it, and `body_html`, sanitised."""

    body: Annotated[str | None, Meta(examples=["The ferry came late, and *nobody* minded."])]
    body_html: Annotated[str, Meta(examples=["<p>The ferry came late, and <em>nobody</em> minded.</p>\n"])]

    @classmethod
    def to(cls, viewer: Viewer | None, article: Article, *, site: PublicSite) -> Self:
        """`article` as it is shown to `viewer`."""
        view = cls.of(article, site=site)
        if may(viewer, ARTICLES_EDIT):
            return view
        is_own = viewer is not None and viewer.may(ARTICLES_WRITE) and article.is_by(viewer.id)
        return view if is_own else replace(view, body=None)
