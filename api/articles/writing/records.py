"""Articles as the queries return them, and the filters of lists."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.articles.authors.records import Author
from api.taxonomy.records import Term
from api.text import slugs
from api.text.images import Image
from api.text.markup import Format
from api.times import Instant

ArticleType = Literal["article", "page"]
ArticleStatus = Literal["draft", "scheduled", "published"]
CommentPolicy = Literal["open", "closed"]


class Article(Struct, frozen=True, kw_only=True):
    """One article or page; in lists its texts are empty, and `rank` is how well it fits a search.

    `number` grows with `listed_at`; `last_published_at` is the date that it had before it was withdrawn.
    """

    number: int
    id: str
    type: ArticleType
    slug: str
    title: str
    status: ArticleStatus
    excerpt: str | None
    language: str | None
    image: Image | None
    format: Format
    featured: bool
    comment_policy: CommentPolicy
    comment_count: int
    publish_at: Instant | None
    listed_at: Instant
    created_at: Instant
    updated_at: Instant
    last_published_at: Instant | None = None
    version: int = 1
    body: str = ""
    body_html: str = ""
    authors: tuple[Author, ...] = ()
    tags: tuple[Term, ...] = ()
    categories: tuple[Term, ...] = ()
    rank: int | None = None

    def is_by(self, account_id: str) -> bool:
        """Whether the account is one of its authors."""
        return any(author.account_id == account_id for author in self.authors)

    def goes_by(self, ref: str) -> bool:
        """Whether `ref` is its id or its present slug, and not an old one."""
        return slugs.composed(ref) in (self.id, self.slug)


class Filter(Struct, frozen=True, kw_only=True):
    """The articles that a list shows: those that meet every condition."""

    type: ArticleType = "article"
    status: ArticleStatus | Literal["all"] = "published"
    tag: str | None = None
    category: str | None = None
    author: str | None = None
    account: str | None = None
    q: str | None = None
    featured: bool | None = None
    language: str | None = None
    published_after: Instant | None = None
    published_before: Instant | None = None
    updated_since: Instant | None = None


class Position(Struct, frozen=True):
    """A place in the order of a list: rank, then newest first, then id; in a search, the mark of a number."""

    rank: int
    at: str
    id: str


def status_at(publish_at: Instant | None, now: Instant) -> ArticleStatus:
    """The status of an article at the instant `now`: publishing on time is a comparison, not a job."""
    if publish_at is None:
        return "draft"
    return "published" if publish_at <= now else "scheduled"
