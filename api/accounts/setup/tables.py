"""The table of the link to the first owner, of which there is one at most."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

setup_links = sa.Table(
    "setup_links",
    metadata,
    sa.Column("id", Integer, primary_key=True, autoincrement=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Text, nullable=False),
    sa.CheckConstraint("id = 1", name="id"),
    sqlite_strict=True,
)
