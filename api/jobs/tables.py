"""The table of jobs."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("facts", Text, nullable=False),  # JSON
    sa.Column("due_at", Text, nullable=False),  # a claim puts it off, so that no lease has to be swept
    sa.Column("attempts", Integer, nullable=False),
    sa.Column("claim", Text),
    sa.Column("error", Text),
    sa.Column("failed_at", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.CheckConstraint("attempts >= 0", name="attempts"),
    sqlite_strict=True,
)
IS_WAITING = jobs.c.failed_at.is_(None)
sa.Index("ix_jobs_due_at", jobs.c.due_at, sqlite_where=IS_WAITING, postgresql_where=IS_WAITING)

HAS_FAILED = sa.text("failed_at IS NOT NULL")
"""Written out in each query as in the index, so that SQLite sees that it fits."""
sa.Index("ix_jobs_failed", jobs.c.id, sqlite_where=HAS_FAILED, postgresql_where=HAS_FAILED)
