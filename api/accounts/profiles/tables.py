"""The tables of accounts."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

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
