"""The tables of failed logins and of the networks that logins come from."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

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
