"""The tables of guests: the tokens of orders, and the networks that those yet unpaid come from."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

order_tokens = sa.Table(
    "order_tokens",
    metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("mail_id", Text),  # null for a token in an answer
    sa.Column("created_at", Text, nullable=False),
    sa.Column("expires_at", Text, nullable=False, index=True),
    sa.Column("revoked_at", Text),
    sqlite_strict=True,
)

guest_networks = sa.Table(
    "guest_networks",
    metadata,
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("network", Text, nullable=False, index=True),
    sqlite_strict=True,
)
