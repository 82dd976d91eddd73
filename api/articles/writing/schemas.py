"""What clients of articles send."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api import times
from api.articles.writing import drafts as manuscripts
from api.articles.writing import numbering
from api.articles.writing.drafts import Manuscript, Picture, Prose
from api.articles.writing.records import Article, ArticleStatus, ArticleType, CommentPolicy, Filter, Position
from api.articles.writing.rules import ImageAddressRequired
from api.text.fields import Document, Label, Moment, Search, SoughtSlug, Summary, Title, Url
from api.text.markup import Format
from api.text.slugs import Slug
from api.times import Instant
from api.web import paging
from api.web.paging import PageQuery, RankCursor

Value = TypeVar("Value")

Language = Annotated[str, Meta(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")]
"""A language tag (RFC 5646), such as `en` or `pt-BR`."""

Labels = Annotated[list[Label], Meta(max_length=50)]
"""Names of tags or categories; those that are new are made."""


class ImageBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An image by address."""

    url: Url
    alt: Summary = ""


class ArticleBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new article or page."""

    title: Title
    body: Document
    type: ArticleType = "article"
    format: Format = "markdown"
    slug: Slug | None = None
    excerpt: Summary | None = None
    language: Language | None = None
    image: ImageBody | None = None
    tags: Labels = []
    categories: Labels = []
    featured: bool = False
    comment_policy: CommentPolicy = "open"

    def manuscript(self) -> Manuscript:
        """What is to be stored; renders the text, so before a transaction begins."""
        return Manuscript(
            title=self.title,
            prose=manuscripts.typeset(self.body, self.format),
            type=self.type,
            slug=self.slug,
            excerpt=self.excerpt,
            language=self.language,
            image=Picture(self.image.url, self.image.alt) if self.image else None,
            tags=tuple(self.tags),
            categories=tuple(self.categories),
            featured=self.featured,
            comment_policy=self.comment_policy,
        )


class ImagePatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to the image."""

    url: Url | UnsetType = UNSET
    alt: Summary | UnsetType | None = UNSET


class ArticlePatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to an article; null clears."""

    title: Title | UnsetType = UNSET
    body: Document | UnsetType = UNSET
    type: ArticleType | UnsetType = UNSET
    format: Format | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    excerpt: Summary | UnsetType | None = UNSET
    language: Language | UnsetType | None = UNSET
    image: ImagePatch | UnsetType | None = UNSET
    tags: Labels | UnsetType | None = UNSET
    categories: Labels | UnsetType | None = UNSET
    featured: bool | UnsetType = UNSET
    comment_policy: CommentPolicy | UnsetType = UNSET

    def prose(self, article: Article) -> Prose:
        """The text that `article` would have; renders, so before a transaction begins."""
        source, format = _or(self.body, article.body), _or(self.format, article.format)
        if (source, format) == (article.body, article.format):
            return manuscripts.as_stored(article)
        return manuscripts.typeset(source, format)

    def manuscript(self, article: Article, prose: Prose) -> Manuscript:
        """All of `article` with these changes; `prose` is rendered anew if another change came between."""
        source, format = _or(self.body, article.body), _or(self.format, article.format)
        if (source, format) != (prose.source, prose.format):
            prose = self.prose(article)
        return Manuscript(
            title=_or(self.title, article.title),
            prose=prose,
            type=_or(self.type, article.type),
            slug=_or(self.slug, None),
            excerpt=_or(self.excerpt, article.excerpt),
            language=_or(self.language, article.language),
            image=self._picture(article),
            tags=_names(self.tags),
            categories=_names(self.categories),
            featured=_or(self.featured, article.featured),
            comment_policy=_or(self.comment_policy, article.comment_policy),
        )

    def _picture(self, article: Article) -> Picture | None:
        patch, now = self.image, article.image
        if patch is None:
            return None
        if isinstance(patch, UnsetType):
            return Picture(now.url, now.alt) if now else None
        url = _or(patch.url, now.url if now else None)
        if url is None:
            raise ImageAddressRequired
        return Picture(url, _or(patch.alt, now.alt if now else "") or "")


class PublicationBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """When to publish: missing or null is now."""

    publish_at: Moment | None = None

    def instant(self) -> Instant | None:
        """The time as it is stored."""
        return times.instant(self.publish_at) if self.publish_at else None


class ArticleQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which articles; `tag`, `category` and `author` are slugs."""

    after: RankCursor | None = None
    type: ArticleType = "article"
    tag: SoughtSlug | None = None
    category: SoughtSlug | None = None
    author: SoughtSlug | None = None
    q: Search | None = None
    status: ArticleStatus = "published"

    def filter(self) -> Filter:
        """What the list is to show."""
        return Filter(
            type=self.type,
            status=self.status,
            tag=self.tag,
            category=self.category,
            author=self.author,
            q=self.q,
        )

    def position(self) -> Position | None:
        """Where the page starts."""
        if self.after is None:
            return None
        return Position(int(self.after[0]), paging.time_of(self.after[1:18]), f"art_{self.after[18:]}")

    def cursor(self, row: Article) -> str:
        """The position of an article in a list, or among the hits of a search."""
        at = row.listed_at
        if row.rank is None:
            return f"0{paging.time_cursor(at, row.id)}"
        return f"{row.rank}{paging.time_cursor(at, numbering.mark(row.number, at))}"


def _or(sent: Value | UnsetType, now: Value) -> Value:
    return now if isinstance(sent, UnsetType) else sent


def _names(sent: list[str] | UnsetType | None) -> tuple[str, ...] | None:
    return None if isinstance(sent, UnsetType) else tuple(sent or ())
