"""The table of tax rates."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

tax_rates = sa.Table(
    "tax_rates",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("tax_class", Text, nullable=False),
    sa.Column("country", Text, nullable=False),
    sa.Column("region", Text),
    sa.Column("region_key", Text, nullable=False),  # "": the whole country; both databases keep "" unique
    sa.Column("name", Text, nullable=False),
    sa.Column("name_key", Text, nullable=False),
    sa.Column("rate", Text, nullable=False),
    sa.UniqueConstraint("country", "region_key", "tax_class", "name_key"),
    sa.CheckConstraint("(region IS NULL) = (region_key = '')", name="region"),
    sqlite_strict=True,
)
