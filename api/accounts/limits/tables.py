"""The table of what has been used of each limit."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

limit_uses = sa.Table(
    "limit_uses",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("subject", Text, primary_key=True),
    sa.Column("seconds", Integer, primary_key=True, autoincrement=False),
    sa.Column("used", Integer, nullable=False),
    sa.Column("until", Text, nullable=False, index=True),
    sa.CheckConstraint("used >= 0", name="used"),
    sqlite_strict=True,
)
