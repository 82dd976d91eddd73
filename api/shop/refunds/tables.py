"""The table of refunds: each is set aside before its provider hears of it, and never deleted."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.refunds.records import RefundState
from api.storage import Integer, Text, metadata, one_of

refunds = sa.Table(
    "refunds",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("payment_id", Text, sa.ForeignKey("payments.id"), nullable=False, index=True),
    sa.Column("state", Text, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("amount", Integer, nullable=False),
    sa.Column("credited", Integer, nullable=False),
    sa.Column("lines", Text, nullable=False),
    sa.Column("reason", Text),
    sa.Column("reference", Text),
    sa.Column("failure", Text),
    sa.Column("by_account", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.Index("ix_refunds_order_id_id", "order_id", "id"),
    one_of("state", RefundState),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("credited BETWEEN 0 AND amount", name="credited"),
    sqlite_strict=True,
)

REFUND_DAYS = 30
"""For so long a refund that failed asks for somebody."""

NOT_GIVEN = sa.text("state = 'failed'")
"""Written out in each query as in the index, so that SQLite sees that it fits."""
sa.Index("ix_refunds_failed", refunds.c.created_at, sqlite_where=NOT_GIVEN, postgresql_where=NOT_GIVEN)

_PENDING = sa.text("state = 'pending'")
sa.Index("ix_refunds_pending", refunds.c.order_id, sqlite_where=_PENDING, postgresql_where=_PENDING)
IS_ON_ITS_WAY = sa.and_(_PENDING, refunds.c.order_id > "")
"""Likewise; by the order, of which every refund has one, SQLite finds its place in the index."""
