"""The tables of payments: each is written down before its provider hears of it, and never deleted."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.payments.port import LIVE, PaymentState
from api.storage import Integer, Text, metadata, one_of

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("provider", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("amount", Integer, nullable=False),
    sa.Column("captured", Integer, nullable=False),
    sa.Column("refunded", Integer, nullable=False),
    sa.Column("method", Text),
    sa.Column("reference", Text),
    sa.Column("return_url", Text),
    sa.Column("next_url", Text),
    sa.Column("ends_at", Text),
    sa.Column("failure", Text),
    sa.Column("by_account", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.Index("ix_payments_order_id_id", "order_id", "id"),
    one_of("state", PaymentState),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("captured BETWEEN 0 AND amount", name="captured"),
    sa.CheckConstraint("refunded BETWEEN 0 AND captured", name="refunded"),
    sa.CheckConstraint("(state = 'captured') = (captured > 0)", name="is_captured"),
    sqlite_strict=True,
)

_LIVE = payments.c.state.in_([sa.literal_column(f"'{state}'") for state in LIVE])
sa.Index("uq_payments_live", payments.c.order_id, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
_AT_PROVIDER = payments.c.reference.is_not(None) & (payments.c.provider != sa.literal_column("'manual'"))
sa.Index(
    "uq_payments_reference",
    payments.c.provider,
    payments.c.reference,
    unique=True,
    sqlite_where=_AT_PROVIDER,
    postgresql_where=_AT_PROVIDER,
)
