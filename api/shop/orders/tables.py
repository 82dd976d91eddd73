"""The tables of orders: copies of what was agreed, and what has happened to it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

_NAMED = {key: f"{key} IS NOT NULL" for key in ("name_key", "surname_key")}
"""Keys of names → the orders that have one."""

_NOTHING_DUE = "total - credited <= paid - refunded"

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("number", Integer, primary_key=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("account_id", Text, sa.ForeignKey("accounts.id", ondelete="SET NULL")),
    sa.Column("email", Text, nullable=False),
    sa.Column("email_key", Text, nullable=False),
    sa.Column("name_key", Text),  # who it is sent or billed to, to be found by
    sa.Column("surname_key", Text),  # the same, the last word first
    sa.Column("order_status", Text, nullable=False),
    sa.Column("payment_status", Text, nullable=False),
    sa.Column("fulfilment_status", Text, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("subtotal", Integer, nullable=False),
    sa.Column("discount", Integer, nullable=False),
    sa.Column("shipping", Integer, nullable=False),
    sa.Column("shipping_tax", Integer, nullable=False),
    sa.Column("tax", Integer, nullable=False),
    sa.Column("total", Integer, nullable=False),
    sa.Column("prices_include_tax", Integer, nullable=False),
    sa.Column("paid", Integer, nullable=False),
    sa.Column("refunded", Integer, nullable=False),
    sa.Column("credited", Integer, nullable=False),
    sa.Column("shipping_credited", Integer, nullable=False),
    sa.Column("taxes", Text, nullable=False),
    sa.Column("coupons", Text, nullable=False),
    sa.Column("shipping_method", Text),
    sa.Column("shipping_address", Text),
    sa.Column("billing_address", Text),
    sa.Column("tax_id", Text),
    sa.Column("language", Text),
    sa.Column("note", Text),
    sa.Column("staff_note", Text),
    sa.Column("placed_at", Text, nullable=False),
    sa.Column("expires_at", Text),
    sa.Column("asks_at", Text),  # its buyer is asked by mail for a transfer then; nothing once that is done
    sa.Column("updated_at", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.Index("ix_orders_account_id_id", "account_id", "id"),
    sa.Index("ix_orders_email_key_id", "email_key", "id"),
    *(
        sa.Index(
            f"ix_orders_{key}_id", key, "id", sqlite_where=sa.text(there), postgresql_where=sa.text(there)
        )
        for key, there in _NAMED.items()
    ),
    sa.Index("ix_orders_updated_at", "updated_at"),
    sa.Index("ix_orders_states", *STATES, "id"),
    *(one_of(column, status) for column, status in _STATUSES.items()),
    sa.CheckConstraint(
        f"total BETWEEN 0 AND {TOTAL_MOST} AND total = subtotal - discount + shipping"
        " + CASE prices_include_tax WHEN 1 THEN 0 ELSE tax END",
        name="total",
    ),
    sa.CheckConstraint("discount BETWEEN 0 AND subtotal", name="discount"),
    sa.CheckConstraint("shipping >= 0", name="shipping"),
    sa.CheckConstraint("shipping_tax BETWEEN 0 AND tax", name="tax"),
    sa.CheckConstraint("prices_include_tax IN (0, 1)", name="prices_include_tax"),
    sa.CheckConstraint("refunded BETWEEN 0 AND paid", name="refunded"),
    sa.CheckConstraint(
        "shipping_credited >= 0 AND credited BETWEEN shipping_credited AND total", name="credited"
    ),
    sa.CheckConstraint(
        "CASE WHEN refunded > 0 AND refunded = paid THEN payment_status = 'refunded'"
        f" WHEN {_NOTHING_DUE}"
        " THEN payment_status = CASE refunded WHEN 0 THEN 'paid' ELSE 'partly_refunded' END"
        " WHEN paid > refunded THEN payment_status = 'partly_paid'"
        " ELSE payment_status <> 'paid' AND payment_status <> 'partly_paid'"
        " AND payment_status <> 'partly_refunded' AND payment_status <> 'refunded' END",
        name="is_paid",
    ),
    sa.CheckConstraint(
        f"(order_status = 'completed') = ({_NOTHING_DUE} AND fulfilment_status = 'fulfilled')",
        name="is_completed",
    ),
    sa.CheckConstraint("order_status <> 'cancelled' OR fulfilment_status = 'none'", name="is_cancelled"),
    sa.CheckConstraint("order_status <> 'expired' OR expires_at IS NOT NULL", name="is_expired"),
    sa.CheckConstraint(
        "expires_at IS NULL OR fulfilment_status = 'none'"
        " AND (order_status = 'expired' OR order_status = 'open' AND paid = 0)",
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

ASKS = orders.c.asks_at.is_not(None)
sa.Index("ix_orders_asks_at", orders.c.asks_at, sqlite_where=ASKS, postgresql_where=ASKS)

UNPAID = OPEN & (orders.c.payment_status == sa.literal_column("'unpaid'"))
sa.Index(
    "ix_orders_unpaid",
    orders.c.account_id,
    orders.c.expires_at,
    sqlite_where=UNPAID,
    postgresql_where=UNPAID,
)

TO_SEND: Mapping[str, Sequence[str]] = {
    "order_status": ("open",),
    "payment_status": ("paid", "partly_refunded"),
    "fulfilment_status": ("none", "partial"),
}
"""The states of orders that are paid, and of which something is still to be sent."""
IS_TO_SEND = sa.and_(
    OPEN,
    *(
        sa.or_(*(orders.c[name] == state for state in TO_SEND[name]))
        for name in ("payment_status", "fulfilment_status")
    ),
)

order_lines = sa.Table(
    "order_lines",
    metadata,
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("position", Integer, primary_key=True),
    sa.Column("variant_id", Text, sa.ForeignKey("variants.id"), nullable=False),
    sa.Column("sku", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("quantity", Integer, nullable=False),
    sa.Column("unit_price", Integer, nullable=False),
    sa.Column("total", Integer, nullable=False),
    sa.Column("discount", Integer, nullable=False),
    sa.Column("tax", Integer, nullable=False),
    sa.Column("tax_class", Text, nullable=False),
    sa.Column("weight_g", Integer),
    sa.Column("physical", Integer, nullable=False),
    sa.Column("downloads", Text, nullable=False),
    sa.Column("fulfilled", Integer, nullable=False),
    sa.Column("cancelled", Integer, nullable=False),
    sa.Column("returned", Integer, nullable=False),
    sa.UniqueConstraint("variant_id", "order_id"),  # in this order it also finds the lines of a variant
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("total = quantity * unit_price", name="total"),
    sa.CheckConstraint("discount BETWEEN 0 AND total", name="discount"),
    sa.CheckConstraint("tax >= 0", name="tax"),
    sa.CheckConstraint("physical IN (0, 1)", name="physical"),
    sa.CheckConstraint(
        "fulfilled >= 0 AND cancelled >= 0 AND fulfilled + cancelled <= quantity", name="fulfilled"
    ),
    sa.CheckConstraint("returned BETWEEN 0 AND fulfilled", name="returned"),
    sqlite_strict=True,
    sqlite_with_rowid=False,  # each tree of pages fewer makes an order cheaper
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
