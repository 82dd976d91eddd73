"""The tables of orders: copies of what was agreed, and what has happened to it since."""

from __future__ import annotations

from typing import get_args

import sqlalchemy as sa

from api.shop.money import TOTAL_MOST
from api.shop.orders.records import EventKind, FulfilmentStatus, OrderStatus, PaymentStatus
from api.storage import Integer, Text, metadata, one_of

_STATUSES = {
    "order_status": OrderStatus,
    "payment_status": PaymentStatus,
    "fulfilment_status": FulfilmentStatus,
}
STATES = {column: get_args(status) for column, status in _STATUSES.items()}
"""Status column → every value it can have."""

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("number", Integer, primary_key=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="SET NULL")),
    sa.Column("email", Text, nullable=False),
    sa.Column("email_key", Text, nullable=False),
    sa.Column("order_status", Text, nullable=False),
    sa.Column("payment_status", Text, nullable=False),
    sa.Column("fulfilment_status", Text, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("subtotal", Integer, nullable=False),
    sa.Column("total", Integer, nullable=False),
    sa.Column("paid", Integer, nullable=False),
    sa.Column("note", Text),
    sa.Column("placed_at", Text, nullable=False),
    sa.Column("expires_at", Text),
    sa.Column("updated_at", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.Index("ix_orders_account_id_id", "account_id", "id"),
    sa.Index("ix_orders_email_key_id", "email_key", "id"),
    sa.Index("ix_orders_updated_at", "updated_at"),
    sa.Index("ix_orders_states", *STATES, "id"),
    *(one_of(column, status) for column, status in _STATUSES.items()),
    sa.CheckConstraint(f"total BETWEEN 0 AND {TOTAL_MOST} AND total = subtotal", name="total"),
    sa.CheckConstraint("paid BETWEEN 0 AND total", name="paid"),
    sa.CheckConstraint("(payment_status = 'paid') = (paid = total)", name="is_paid"),
    sa.CheckConstraint(
        "(order_status = 'completed') = (payment_status = 'paid' AND fulfilment_status = 'fulfilled')",
        name="is_completed",
    ),
    sa.CheckConstraint("order_status <> 'cancelled' OR fulfilment_status = 'none'", name="is_cancelled"),
    sa.CheckConstraint("order_status <> 'expired' OR expires_at IS NOT NULL", name="is_expired"),
    sa.CheckConstraint(
        "expires_at IS NULL OR order_status IN ('open', 'expired')"
        " AND payment_status = 'unpaid' AND fulfilment_status = 'none'",
        name="expires_at",
    ),
    sqlite_strict=True,
)

OPEN = orders.c.order_status == sa.literal_column("'open'")
"""Written out, not a parameter: SQLite uses a partial index only for its very condition."""

_HELD = OPEN & orders.c.expires_at.is_not(None)
# The status leads, though it is the same in all: or SQLite would sort all open orders by the index of states.
sa.Index(
    "ix_orders_expires_at",
    orders.c.order_status,
    orders.c.expires_at,
    sqlite_where=_HELD,
    postgresql_where=_HELD,
)

UNPAID = OPEN & (orders.c.payment_status == sa.literal_column("'unpaid'"))
sa.Index(
    "ix_orders_unpaid",
    orders.c.account_id,
    orders.c.expires_at,
    sqlite_where=UNPAID,
    postgresql_where=UNPAID,
)

order_lines = sa.Table(
    "order_lines",
    metadata,
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("position", Integer, primary_key=True),
    sa.Column("variant_id", Text, sa.ForeignKey("variants.id"), nullable=False, index=True),
    sa.Column("sku", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("quantity", Integer, nullable=False),
    sa.Column("unit_price", Integer, nullable=False),
    sa.Column("total", Integer, nullable=False),
    sa.Column("fulfilled", Integer, nullable=False),
    sa.UniqueConstraint("order_id", "variant_id"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("unit_price >= 0", name="unit_price"),
    sa.CheckConstraint("total = quantity * unit_price", name="total"),
    sa.CheckConstraint("fulfilled BETWEEN 0 AND quantity", name="fulfilled"),
    sqlite_strict=True,
)

order_events = sa.Table(
    "order_events",
    metadata,
    sa.Column("number", Integer, primary_key=True),
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("at", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("by_account", Text),
    sa.Column("note", Text),
    one_of("kind", EventKind),
    sqlite_strict=True,
)
