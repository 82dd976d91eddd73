"""The table of sessions."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column(
        "account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("last_used_at", Text, nullable=False),
    sa.Column("expires_at", Text, nullable=False),
    sa.Column("confirmed_at", Text, nullable=False),
    sa.Column("user_agent", Text),
    sqlite_strict=True,
)
