"""The table of media."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

media = sa.Table(
    "media",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id")),
    sa.Column("filename", Text, nullable=False),
    sa.Column("type", Text, nullable=False),
    sa.Column("bytes", Integer, nullable=False),
    sa.Column("sha256", Text, nullable=False, index=True),
    sa.Column("width", Integer),
    sa.Column("height", Integer),
    sa.Column("alt", Text, nullable=False),
    sa.Column("caption", Text, nullable=False),
    sa.Column("credit", Text, nullable=False),
    sa.Column("sizes", Text, nullable=False),  # JSON
    sa.Column("words", Text, nullable=False),  # the texts, folded, for the search
    sa.Column("created_at", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.CheckConstraint("bytes > 0", name="bytes"),
    sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name="height"),
    sa.UniqueConstraint("account_id", "sha256"),
    sqlite_strict=True,
)
sa.Index("ix_media_account_id_id", media.c.account_id, media.c.id)

media_files = sa.Table(
    "media_files",
    metadata,
    sa.Column("file", Text, primary_key=True),
    sa.Column("media_id", Text, sa.ForeignKey("media.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_strict=True,
)
"""The public files of each medium, by which texts name it."""

media_uses = sa.Table(
    "media_uses",
    metadata,
    sa.Column("media_id", Text, sa.ForeignKey("media.id"), primary_key=True),
    sa.Column("thing_id", Text, primary_key=True, index=True),  # not a key: it is of several kinds
    sqlite_strict=True,
)
"""The articles, items and orders that need a medium: as long as there are any, the database keeps it."""
