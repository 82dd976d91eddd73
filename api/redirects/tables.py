"""The table of redirects.

A redirect to a thing refers to it, so that it follows when the slug changes and goes when the thing goes.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.storage import Text, metadata


def _target(name: str, key: str) -> sa.Column[Any]:
    return sa.Column(name, Text, sa.ForeignKey(key, ondelete="CASCADE"), index=True)


redirects = sa.Table(
    "redirects",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("path", Text, nullable=False),
    sa.Column("query", Text, nullable=False),
    sa.Column("location", Text),
    _target("article_id", "articles.id"),
    _target("item_id", "items.id"),
    _target("term_id", "terms.id"),
    # Not a foreign key: it stays when the account goes.
    sa.Column("by_account", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.UniqueConstraint("path", "query"),
    sa.CheckConstraint(
        " + ".join(
            f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
            for column in ("location", "article_id", "item_id", "term_id")
        )
        + " = 1",
        name="destination",
    ),
    sqlite_strict=True,
)
