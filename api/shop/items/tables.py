"""The tables of what is for sale and of its stock; the database itself refuses to sell what is not there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import event

from api.shop.money import PRICE_MOST
from api.storage.database import Integer, Text, metadata
from api.storage.search import WordIndex

items = sa.Table(
    "items",
    metadata,
    sa.Column("number", Integer, primary_key=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("slug", Text, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("summary", Text),
    sa.Column("description", Text),
    sa.Column("description_format", Text, nullable=False),
    sa.Column("description_html", Text),
    sa.Column("options", Text, nullable=False),
    sa.Column("images", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("updated_at", Text, nullable=False),
    sa.Column("deleted_at", Text),
    sa.Column("source", Text),
    sa.Column("external_id", Text),
    sa.Column("fingerprint", Text),
    sa.UniqueConstraint("source", "external_id"),
    sa.CheckConstraint("kind IN ('physical', 'digital', 'service', 'external')", name="kind"),
    sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),
    sa.CheckConstraint("description_format IN ('markdown', 'html')", name="description_format"),
    # A deleted item gives its address back; its skus stay taken.
    sa.CheckConstraint("(slug IS NULL) = (deleted_at IS NOT NULL)", name="slug"),
    sqlite_strict=True,
)

_THERE = items.c.deleted_at.is_(None)
sa.Index("ix_items_status_id", items.c.status, items.c.id, sqlite_where=_THERE, postgresql_where=_THERE)

item_slugs = sa.Table(
    "item_slugs",
    metadata,
    sa.Column("slug", Text, primary_key=True),
    # A slug is claimed before its item is stored: whoever comes second waits, and takes another.
    sa.Column(
        "item_id",
        Text,
        sa.ForeignKey("items.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        nullable=False,
        index=True,
    ),
    sqlite_strict=True,
)
"""Every slug that leads to an item: the one it has, and those it had."""

item_terms = sa.Table(
    "item_terms",
    metadata,
    sa.Column("item_id", Text, sa.ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("term_id", Text, sa.ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", Integer, nullable=False),
    sa.Index("ix_item_terms_term_id_item_id", "term_id", "item_id"),
    sqlite_strict=True,
)

item_words = WordIndex("item_words")

variants = sa.Table(
    "variants",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("sku", Text, nullable=False),
    sa.Column("sku_key", Text, nullable=False, unique=True),
    sa.Column("label", Text),
    sa.Column("options", Text, nullable=False),
    sa.Column("price", Integer, nullable=False),
    sa.Column("compare_at", Integer),
    sa.Column("currency", Text, nullable=False),
    sa.Column("tracked", Integer, nullable=False),
    sa.Column("available", Integer, nullable=False),
    sa.Column("position", Integer, nullable=False),
    sa.Column("retired_at", Text),
    sa.Column("external_id", Text),
    sa.Column("external_stock", Integer),
    sa.CheckConstraint(f"price BETWEEN 0 AND {PRICE_MOST}", name="price"),
    sa.CheckConstraint(f"compare_at BETWEEN 0 AND {PRICE_MOST}", name="compare_at"),
    sa.CheckConstraint("tracked IN (0, 1)", name="tracked"),
    sa.CheckConstraint("available >= 0", name="available"),
    sa.CheckConstraint("tracked = 1 OR available = 0", name="untracked"),
    sqlite_strict=True,
)

stock_movements = sa.Table(
    "stock_movements",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("variant_id", Text, sa.ForeignKey("variants.id"), nullable=False),
    sa.Column("delta", Integer, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("note", Text),
    # Stock is taken before its order is written, in one transaction.
    sa.Column(
        "order_id", Text, sa.ForeignKey("orders.id", deferrable=True, initially="DEFERRED"), index=True
    ),
    # Not a foreign key: a ledger outlives the accounts that it names.
    sa.Column("by_account", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.Index("ix_stock_movements_variant_id_id", "variant_id", "id"),
    sa.CheckConstraint("delta <> 0", name="delta"),
    sa.CheckConstraint(
        "reason IN ('initial', 'receive', 'return', 'adjust', 'loss', 'order', 'cancellation', 'import')",
        name="reason",
    ),
    sa.CheckConstraint("(reason IN ('order', 'cancellation')) = (order_id IS NOT NULL)", name="order_id"),
    sqlite_strict=True,
)

APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements"
        " BEGIN SELECT RAISE(ABORT, 'the stock ledger is append-only'); END",
        "CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements"
        " BEGIN SELECT RAISE(ABORT, 'the stock ledger is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION stock_movements_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the stock ledger is append-only'; END $$",
        "CREATE TRIGGER stock_movements_append_only BEFORE UPDATE OR DELETE ON stock_movements"
        " FOR EACH ROW EXECUTE FUNCTION stock_movements_refuse()",
    ),
}
"""What keeps the ledger append-only, by dialect; a migration runs the same."""

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            stock_movements,
            "after_create",
            sa.DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
