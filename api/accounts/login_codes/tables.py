"""The table of codes to log in with."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

login_codes = sa.Table(
    "login_codes",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    sa.Column("email", Text),
    sa.Column("code_hash", sa.LargeBinary),
    sa.Column("tries", Integer, nullable=False),
    sa.Column("expires_at", Text, nullable=False, index=True),
    sa.CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),
    sqlite_strict=True,
)
