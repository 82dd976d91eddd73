"""The tables of second factors and of their recovery codes."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.second_factors.records import FactorStatus
from api.storage import Integer, Text, metadata, one_of

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),  # not a hash: codes are made of it
    sa.Column("last_step", Integer, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("activated_at", Text),
    sa.UniqueConstraint("account_id", "status"),
    sa.CheckConstraint("(status = 'active') = (activated_at IS NOT NULL)", name="activated_at"),
    one_of("status", FactorStatus),
    sqlite_strict=True,
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("code_hash", sa.LargeBinary, primary_key=True),
    sa.Column(
        "factor_id", Text, sa.ForeignKey("second_factors.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sqlite_strict=True,
)
