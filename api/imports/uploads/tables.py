"""The table of imports."""

from __future__ import annotations

import sqlalchemy as sa

from api.imports.uploads.records import ImportState
from api.storage import Integer, Text, metadata, one_of

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("state", Text, nullable=False),
    sa.Column("dry_run", Integer, nullable=False),
    sa.Column("lenient", Integer, nullable=False),
    sa.Column("people", Integer, nullable=False),
    sa.Column("attempts", Integer, nullable=False),
    sa.Column("format", Text),
    sa.Column("counts", Text, nullable=False),  # JSON, as the next three
    sa.Column("notes", Text, nullable=False),
    sa.Column("error", Text),
    sa.Column("origin", Text),  # until it has ended: then the audit has it
    sa.Column("created_at", Text, nullable=False),
    sa.Column("ended_at", Text),
    one_of("state", ImportState),
    sa.CheckConstraint("(ended_at IS NULL) = (state = 'waiting' OR state = 'running')", name="ended_at"),
    sqlite_strict=True,
)
IS_OPEN = imports.c.ended_at.is_(None)
sa.Index("ix_imports_open", imports.c.created_at, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
