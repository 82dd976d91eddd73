"""The table of comments."""

from __future__ import annotations

import sqlalchemy as sa

from api.articles.comments.records import CommentStatus
from api.articles.writing.tables import article_key
from api.storage import Integer, Text, metadata, one_of

IS_WAITING = sa.text("status = 'pending'")
"""Written out in each query as in the index, so that SQLite sees that it fits."""

comments = sa.Table(
    "comments",
    metadata,
    sa.Column("id", Text, primary_key=True),
    article_key(),
    sa.Column("parent_id", Text, sa.ForeignKey("comments.id", ondelete="SET NULL"), index=True),
    # The ids from the thread's first comment down to this one: as text it sorts as the thread reads.
    sa.Column("path", Text, nullable=False),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True),
    sa.Column("author_name", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("body_html", Text, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    one_of("status", CommentStatus),
    sa.Index("ix_comments_thread", "article_id", "status", "path"),
    sa.Index("ix_comments_status_id", "status", "id"),
    sa.Index("ix_comments_waiting", "account_id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    sqlite_strict=True,
)
