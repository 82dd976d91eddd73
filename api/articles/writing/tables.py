"""The tables of articles, bylines and comments.

The links to terms and authors carry a copy of `type` and `publish_at`, so that the newest articles of a tag,
and their number, are read from one index however many articles there are.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.storage import Integer, Text, metadata
from api.storage.search import WordIndex

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
    sa.Column("image_id", Text),
    sa.Column("image_url", Text),
    sa.Column("image_alt", Text),
    sa.Column("format", Text, nullable=False),
    sa.Column("featured", Integer, nullable=False),
    sa.Column("comment_policy", Text, nullable=False),
    sa.Column("comment_count", Integer, nullable=False, server_default="0"),
    sa.Column("publish_at", Text),
    sa.Column("listed_at", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("updated_at", Text, nullable=False),
    sa.Column("source", Text),
    sa.Column("external_id", Text),
    sa.Column("fingerprint", Text),
    # Last, so that lists need not step over them.
    sa.Column("body", Text, nullable=False),
    sa.Column("body_html", Text, nullable=False),
    sa.UniqueConstraint("source", "external_id"),
    sa.CheckConstraint("type IN ('article', 'page')", name="type"),
    sa.CheckConstraint("format IN ('markdown', 'html')", name="format"),
    sa.CheckConstraint("featured IN (0, 1)", name="featured"),
    sa.CheckConstraint("comment_policy IN ('open', 'closed')", name="comment_policy"),
    sa.CheckConstraint("comment_count >= 0", name="comment_count"),
    sa.CheckConstraint("listed_at = coalesce(publish_at, created_at)", name="listed_at"),
    sa.CheckConstraint("(image_id IS NULL) = (image_url IS NULL)", name="image"),
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

article_words = WordIndex("article_words")


def _article(**options: Any) -> sa.Column[str]:
    return sa.Column(
        "article_id", Text, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, **options
    )


article_slugs = sa.Table(
    "article_slugs",
    metadata,
    sa.Column("slug", Text, primary_key=True),
    # A slug is claimed before its article is stored: whoever comes second waits, and takes another.
    sa.Column(
        "article_id",
        Text,
        sa.ForeignKey("articles.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        nullable=False,
        index=True,
    ),
    sqlite_strict=True,
)
"""Every slug that leads to an article: the one it has, and those it had."""

article_authors = sa.Table(
    "article_authors",
    metadata,
    _article(primary_key=True),
    sa.Column("author_id", Text, sa.ForeignKey("authors.id"), primary_key=True),
    sa.Column("position", Integer, nullable=False),
    sa.Column("type", Text, nullable=False),
    sa.Column("publish_at", Text),
    sa.Index("ix_article_authors_newest", "author_id", "type", "publish_at", "article_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

article_terms = sa.Table(
    "article_terms",
    metadata,
    _article(primary_key=True),
    sa.Column("term_id", Text, sa.ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", Integer, nullable=False),
    sa.Column("type", Text, nullable=False),
    sa.Column("publish_at", Text),
    sa.Index("ix_article_terms_newest", "term_id", "type", "publish_at", "article_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
