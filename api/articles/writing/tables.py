"""The tables of articles and of their links.

The links to terms and authors carry a copy of `type` and `publish_at`, so that the newest articles of a tag,
and their number, are read from one index however many articles there are.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.articles.writing.records import ArticleType, CommentPolicy
from api.storage import Integer, Text, metadata, one_of
from api.storage.search import WordIndex
from api.storage.slug_book import SlugBook
from api.text.markup import Format

articles = sa.Table(
    "articles",
    metadata,
    # Grows with listed_at, so that the hits of a search come in the order of the list.
    sa.Column("number", Integer, primary_key=True, autoincrement=False),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("type", Text, nullable=False),
    sa.Column("slug", Text, nullable=False, unique=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("excerpt", Text),
    sa.Column("language", Text),
    sa.Column("image", Text),  # JSON
    sa.Column("format", Text, nullable=False),
    sa.Column("featured", Integer, nullable=False),
    sa.Column("comment_policy", Text, nullable=False),
    sa.Column("comment_count", Integer, nullable=False, server_default="0"),
    sa.Column("publish_at", Text),
    sa.Column("listed_at", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("updated_at", Text, nullable=False),
    sa.Column("last_published_at", Text),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    # 1 until the event of a publication at a time to come is noted.
    sa.Column("unannounced", Integer, nullable=False, server_default="0"),
    # Last, so that lists need not step over them.
    sa.Column("body", Text, nullable=False),
    sa.Column("body_html", Text, nullable=False),
    one_of("type", ArticleType),
    one_of("format", Format),
    sa.CheckConstraint("featured IN (0, 1)", name="featured"),
    sa.CheckConstraint("unannounced IN (0, 1)", name="unannounced"),
    one_of("comment_policy", CommentPolicy),
    sa.CheckConstraint("comment_count >= 0", name="comment_count"),
    sa.CheckConstraint("listed_at = coalesce(publish_at, created_at)", name="listed_at"),
    sqlite_strict=True,
)

_DATED = articles.c.publish_at.is_not(None)
_DRAFT = articles.c.publish_at.is_(None)
sa.Index(
    "ix_articles_dated",
    articles.c.type,
    articles.c.listed_at,
    articles.c.id,
    sqlite_where=_DATED,
    postgresql_where=_DATED,
)
sa.Index(
    "ix_articles_drafts",
    articles.c.type,
    articles.c.listed_at,
    articles.c.id,
    sqlite_where=_DRAFT,
    postgresql_where=_DRAFT,
)

EVERY = articles.c.id > sa.literal_column("''")
"""True for all; only a list that says so has the index below, or SQLite would take it for drafts too."""
sa.Index(
    "ix_articles_all",
    articles.c.type,
    articles.c.listed_at,
    articles.c.id,
    sqlite_where=EVERY,
    postgresql_where=EVERY,
)

IS_UNANNOUNCED = sa.text("unannounced = 1")
"""Written out in each query as in the index, so that SQLite sees that it fits."""
sa.Index(
    "ix_articles_unannounced",
    articles.c.publish_at,
    sqlite_where=IS_UNANNOUNCED,
    postgresql_where=IS_UNANNOUNCED,
)

feed_losses = sa.Table(
    "feed_losses",
    metadata,
    sa.Column("type", Text, primary_key=True),
    sa.Column("at", Text, nullable=False),
    one_of("type", ArticleType),
    sqlite_strict=True,
)
"""When something public last went, or moved to another date: a feed is at least as new."""

article_words = WordIndex("article_words")


def article_key(**options: Any) -> sa.Column[str]:
    """A column that names an article, and goes with it."""
    return sa.Column(
        "article_id", Text, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, **options
    )


article_slugs = SlugBook("article_slugs", articles, key="article_id", noun="article")
"""Every slug that leads to an article: the one it has, and those it had."""


def _copying(other: sa.Column[str], *, name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        article_key(primary_key=True),
        other,
        sa.Column("position", Integer, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("publish_at", Text),
        sa.Index(f"ix_{name}_newest", other.name, "type", "publish_at", "article_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


article_authors = _copying(
    sa.Column("author_id", Text, sa.ForeignKey("authors.id"), primary_key=True), name="article_authors"
)
article_terms = _copying(
    sa.Column("term_id", Text, sa.ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True),
    name="article_terms",
)
