"""The tables of coupons and of their uses."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.coupons.records import CouponStatus
from api.shop.money import PRICE_MOST
from api.shop.pricing.records import CouponKind
from api.storage import Integer, Text, metadata, one_of

coupons = sa.Table(
    "coupons",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("code", Text, nullable=False),
    sa.Column("code_key", Text, nullable=False, unique=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("percent", Integer),
    sa.Column("amount", Integer),
    sa.Column("min_subtotal", Integer),
    sa.Column("currency", Text, nullable=False),
    sa.Column("starts_at", Text),
    sa.Column("ends_at", Text),
    sa.Column("usage_limit", Integer),
    sa.Column("per_customer", Integer),
    sa.Column("used", Integer, nullable=False),
    sa.Column("items", Text, nullable=False),
    sa.Column("categories", Text, nullable=False),
    sa.Column("status", Text, nullable=False),
    one_of("kind", CouponKind),
    one_of("status", CouponStatus),
    sa.CheckConstraint(
        "CASE kind WHEN 'percent' THEN percent BETWEEN 1 AND 100 AND amount IS NULL"
        f" WHEN 'fixed' THEN amount BETWEEN 1 AND {PRICE_MOST} AND percent IS NULL"
        " ELSE percent IS NULL AND amount IS NULL END",
        name="value",
    ),
    sa.CheckConstraint(f"min_subtotal BETWEEN 0 AND {PRICE_MOST}", name="min_subtotal"),
    sa.CheckConstraint("used >= 0 AND (usage_limit IS NULL OR used <= usage_limit)", name="used"),
    sqlite_strict=True,
)

coupon_redemptions = sa.Table(
    "coupon_redemptions",
    metadata,
    # A coupon is redeemed before its order is written, in one transaction.
    sa.Column(
        "order_id", Text, sa.ForeignKey("orders.id", deferrable=True, initially="DEFERRED"), primary_key=True
    ),
    sa.Column("coupon_id", Text, sa.ForeignKey("coupons.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("released_at", Text),
    sa.Index("ix_coupon_redemptions_coupon_id", "coupon_id"),
    sqlite_strict=True,
)
