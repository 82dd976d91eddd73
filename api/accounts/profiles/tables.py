"""The tables of accounts."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage.database import Integer, Text, metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("email", Text, nullable=False),
    sa.Column("email_key", Text, nullable=False, unique=True),
    sa.Column("email_verified_at", Text),
    sa.Column("name", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("password_hash", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Index("ix_accounts_states", "role", "status", "id"),
    sa.CheckConstraint("role IN ('customer', 'author', 'editor', 'shopkeeper', 'owner')", name="role"),
    sa.CheckConstraint("status IN ('active', 'suspended')", name="status"),
    sqlite_strict=True,
)

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
    sa.Column("user_agent", Text),
    sqlite_strict=True,
)

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

login_failures = sa.Table(
    "login_failures",
    metadata,
    sa.Column("subject", Text, primary_key=True),
    sa.Column("failures", Integer, nullable=False),
    sa.Column("since", Text, nullable=False, index=True),
    sa.CheckConstraint("failures >= 0", name="failures"),
    sqlite_strict=True,
)
