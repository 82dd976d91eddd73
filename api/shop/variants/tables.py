"""The table of variants."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.money import PRICE_MOST
from api.storage import Integer, Text, metadata

variants = sa.Table(
    "variants",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("sku", Text, nullable=False),
    sa.Column("sku_key", Text, unique=True),  # null: of a deleted item, and free for another
    sa.Column("label", Text),
    sa.Column("options", Text, nullable=False),
    sa.Column("price", Integer, nullable=False),
    sa.Column("compare_at", Integer),
    sa.Column("sale_price", Integer),
    sa.Column("sale_from", Text),
    sa.Column("sale_until", Text),
    sa.Column("sale_turns_at", Text),  # its next begin or end of which no event speaks yet
    sa.Column("currency", Text, nullable=False),
    sa.Column("weight_g", Integer),
    sa.Column("max_per_order", Integer),
    sa.Column("downloads", Text, nullable=False, server_default="[]"),
    sa.Column("tracked", Integer, nullable=False),
    sa.Column("available", Integer, nullable=False),
    sa.Column("position", Integer, nullable=False),
    sa.Column("retired_at", Text),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.CheckConstraint(f"price BETWEEN 0 AND {PRICE_MOST}", name="price"),
    sa.CheckConstraint(f"compare_at BETWEEN 0 AND {PRICE_MOST}", name="compare_at"),
    sa.CheckConstraint("sale_price >= 0 AND sale_price < price", name="sale_price"),
    sa.CheckConstraint("sale_until > sale_from", name="sale_until"),
    sa.CheckConstraint(
        "sale_price IS NOT NULL OR (sale_from IS NULL AND sale_until IS NULL AND sale_turns_at IS NULL)",
        name="sale",
    ),
    sa.CheckConstraint("weight_g >= 0", name="weight_g"),
    sa.CheckConstraint("max_per_order > 0", name="max_per_order"),
    sa.CheckConstraint("tracked IN (0, 1)", name="tracked"),
    sa.CheckConstraint("available >= 0", name="available"),
    sa.CheckConstraint("tracked = 1 OR available = 0", name="untracked"),
    sqlite_strict=True,
)

_TURNS = variants.c.sale_turns_at.is_not(None)
sa.Index("ix_variants_sale_turns_at", variants.c.sale_turns_at, sqlite_where=_TURNS, postgresql_where=_TURNS)

IS_LOW = sa.text("tracked = 1 AND available <= 5 AND retired_at IS NULL")
"""Written out in each query as in the index, so that SQLite sees that it fits."""
sa.Index("ix_variants_low", variants.c.available, sqlite_where=IS_LOW, postgresql_where=IS_LOW)
