"""The table of payments."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.payments.records import PaymentState, Provider
from api.storage import Integer, Text, metadata, one_of

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("provider", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("method", Text, nullable=False),
    sa.Column("amount", Integer, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("reference", Text),
    sa.Column("by_account", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.Index("ix_payments_order_id_id", "order_id", "id"),
    one_of("provider", Provider),
    one_of("state", PaymentState),
    sa.CheckConstraint("amount > 0", name="amount"),
    sqlite_strict=True,
)
