"""The table of shipping methods."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.money import PRICE_MOST
from api.shop.shipping.records import MethodStatus
from api.storage import Integer, Text, metadata, one_of

shipping_methods = sa.Table(
    "shipping_methods",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("countries", Text, nullable=False),
    sa.Column("regions", Text, nullable=False),
    sa.Column("price", Integer, nullable=False),
    sa.Column("free_over", Integer),
    sa.Column("brackets", Text, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("tax_class", Text, nullable=False),
    sa.Column("position", Integer, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Index("ix_shipping_methods_position_id", "position", "id"),
    one_of("status", MethodStatus),
    sa.CheckConstraint(f"price BETWEEN 0 AND {PRICE_MOST}", name="price"),
    sa.CheckConstraint(f"free_over BETWEEN 0 AND {PRICE_MOST}", name="free_over"),
    sqlite_strict=True,
)
