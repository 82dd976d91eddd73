"""The table of accounts."""

from __future__ import annotations

from typing import get_args

import sqlalchemy as sa

from api.roles import Role, Status
from api.storage import Integer, Text, metadata, one_of

STATES = {"role": get_args(Role), "status": get_args(Status)}
"""Column that accounts are filtered by → every value it can have."""

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("email", Text),
    sa.Column("email_key", Text, unique=True),
    sa.Column("email_verified_at", Text),
    sa.Column("pending_email", Text),
    sa.Column("name", Text, nullable=False),
    sa.Column("language", Text),
    sa.Column("search_key", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("password_hash", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.Column("erased_at", Text),
    sa.Index("ix_accounts_states", *STATES, "id"),
    sa.CheckConstraint(
        "CASE WHEN erased_at IS NULL THEN email IS NOT NULL AND email_key IS NOT NULL"
        " ELSE email IS NULL AND email_key IS NULL AND search_key = '' AND status = 'suspended' END",
        name="erased_at",
    ),
    one_of("role", Role),
    one_of("status", Status),
    sqlite_strict=True,
)
