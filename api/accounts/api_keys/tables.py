"""The table of API keys."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column(
        "account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("name", Text, nullable=False),
    sa.Column("prefix", Text, nullable=False),
    sa.Column("scopes", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("last_used_at", Text),
    sa.Column("expires_at", Text, nullable=False),
    sqlite_strict=True,
)
