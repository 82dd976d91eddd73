"""The table of challenges."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

login_challenges = sa.Table(
    "login_challenges",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column(
        "account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Text, nullable=False, index=True),
    sqlite_strict=True,
)
