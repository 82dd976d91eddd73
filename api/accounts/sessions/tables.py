"""The tables of sessions, of failed logins and of the networks that logins come from."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

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

login_failures = sa.Table(
    "login_failures",
    metadata,
    sa.Column("subject", Text, primary_key=True),
    sa.Column("failures", Integer, nullable=False),
    sa.Column("since", Text, nullable=False, index=True),
    sa.CheckConstraint("failures >= 0", name="failures"),
    sqlite_strict=True,
)

login_networks = sa.Table(
    "login_networks",
    metadata,
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("network", Text, primary_key=True),
    sa.Column("last_login_at", Text, nullable=False),
    sqlite_strict=True,
)
