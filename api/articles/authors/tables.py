"""The table of authors."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

authors = sa.Table(
    "authors",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("slug", Text, nullable=False, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="SET NULL"), unique=True),
    sqlite_strict=True,
)
"""The names under which articles appear: an account's, or somebody's who has none."""
