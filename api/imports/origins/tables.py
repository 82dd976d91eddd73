"""The tables of origins. Without foreign keys: the origin outlives the thing, so it stays deleted."""

from __future__ import annotations

import sqlalchemy as sa

from api.imports.origins.records import Kind
from api.storage import Integer, Text, metadata, one_of

origins = sa.Table(
    "origins",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    sa.Column("external_id", Text, primary_key=True),
    sa.Column("local_id", Text, nullable=False),
    sa.Column("fingerprint", Text, nullable=False),
    sa.Column("title", Text),
    sa.Column("slug", Text),
    sa.Column("created_at", Text),
    one_of("kind", Kind),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

source_variants = sa.Table(
    "source_variants",
    metadata,
    sa.Column("variant_id", Text, sa.ForeignKey("variants.id"), primary_key=True),
    sa.Column("external_id", Text, nullable=False),
    sa.Column("sku", Text),
    sa.Column("regular", Integer),
    sa.Column("sale", Integer),
    sa.Column("stock", Integer),
    sa.Column("sale_from", Text),
    sa.Column("sale_until", Text),
    sa.Column("weight_g", Integer),
    sa.Index("ix_source_variants_external_id", "external_id"),
    sa.Index("ix_source_variants_sku", "sku"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""The last known sku, prices and stock in the source: only what differs from them has changed there."""
