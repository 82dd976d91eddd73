"""The tables of fulfilments: what was sent of each order."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

fulfilments = sa.Table(
    "fulfilments",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("order_id", Text, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("carrier", Text),
    sa.Column("tracking", Text),
    sa.Column("by_account", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.Index("ix_fulfilments_order_id_id", "order_id", "id"),
    sqlite_strict=True,
)

fulfilment_lines = sa.Table(
    "fulfilment_lines",
    metadata,
    sa.Column("fulfilment_id", Text, sa.ForeignKey("fulfilments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("order_id", Text, primary_key=True),
    sa.Column("position", Integer, primary_key=True),
    sa.Column("quantity", Integer, nullable=False),
    sa.ForeignKeyConstraint(("order_id", "position"), ("order_lines.order_id", "order_lines.position")),
    sa.Index("ix_fulfilment_lines_order_id_position", "order_id", "position"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sqlite_strict=True,
)
