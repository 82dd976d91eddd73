"""Items, the stock ledger, orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.storage import Integer, Text

revision = "0003"
down_revision = "0002"

# The search index has no form that both databases know.
WORDS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE item_words USING fts5(title, tags, body, tokenize = 'ascii', detail = 'column')"
    ],
    "postgresql": [
        "CREATE TABLE item_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_item_words_words ON item_words USING gin (words)",
    ],
}

# The ledger only grows.
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements BEGIN SELECT RAISE(ABORT, 'the stock ledger is append-only'); END",
        "CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements BEGIN SELECT RAISE(ABORT, 'the stock ledger is append-only'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION stock_movements_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the stock ledger is append-only'; END $$",
        "CREATE TRIGGER stock_movements_append_only BEFORE UPDATE OR DELETE ON stock_movements FOR EACH ROW EXECUTE FUNCTION stock_movements_refuse()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "items",
        sa.Column("number", Integer, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("slug", Text, nullable=True),
        sa.Column("name", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("summary", Text, nullable=True),
        sa.Column("description", Text, nullable=True),
        sa.Column("description_format", Text, nullable=False),
        sa.Column("description_html", Text, nullable=True),
        sa.Column("options", Text, nullable=False),
        sa.Column("images", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("updated_at", Text, nullable=False),
        sa.Column("deleted_at", Text, nullable=True),
        sa.Column("source", Text, nullable=True),
        sa.Column("external_id", Text, nullable=True),
        sa.Column("fingerprint", Text, nullable=True),
        sa.CheckConstraint(
            "description_format IN ('markdown', 'html')", name=op.f("ck_items_description_format")
        ),
        sa.CheckConstraint(
            "kind IN ('physical', 'digital', 'service', 'external')", name=op.f("ck_items_kind")
        ),
        sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name=op.f("ck_items_status")),
        sa.CheckConstraint("(slug IS NULL) = (deleted_at IS NOT NULL)", name=op.f("ck_items_slug")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_items")),
        sa.UniqueConstraint("id", name=op.f("uq_items_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_items_slug")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_items_source_external_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "item_slugs",
        sa.Column("slug", Text, nullable=False),
        sa.Column("item_id", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["items.id"],
            name=op.f("fk_item_slugs_item_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_item_slugs")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_item_slugs_item_id"), "item_slugs", ["item_id"], unique=False)
    op.create_table(
        "item_terms",
        sa.Column("item_id", Text, nullable=False),
        sa.Column("term_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_terms_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["terms.id"], name=op.f("fk_item_terms_term_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "term_id", name=op.f("pk_item_terms")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_item_terms_term_id"), "item_terms", ["term_id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("number", Integer, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("account_id", Text, nullable=True),
        sa.Column("email", Text, nullable=False),
        sa.Column("order_status", Text, nullable=False),
        sa.Column("payment_status", Text, nullable=False),
        sa.Column("fulfilment_status", Text, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("subtotal", Integer, nullable=False),
        sa.Column("total", Integer, nullable=False),
        sa.Column("paid", Integer, nullable=False),
        sa.Column("note", Text, nullable=True),
        sa.Column("placed_at", Text, nullable=False),
        sa.CheckConstraint(
            "(order_status = 'completed') = (payment_status = 'paid' AND fulfilment_status = 'fulfilled')",
            name=op.f("ck_orders_is_completed"),
        ),
        sa.CheckConstraint("(payment_status = 'paid') = (paid = total)", name=op.f("ck_orders_is_paid")),
        sa.CheckConstraint(
            "fulfilment_status IN ('none', 'partial', 'fulfilled')", name=op.f("ck_orders_fulfilment_status")
        ),
        sa.CheckConstraint(
            "order_status <> 'cancelled' OR fulfilment_status = 'none'", name=op.f("ck_orders_is_cancelled")
        ),
        sa.CheckConstraint(
            "order_status IN ('open', 'completed', 'cancelled')", name=op.f("ck_orders_order_status")
        ),
        sa.CheckConstraint(
            "payment_status IN ('unpaid', 'partly_paid', 'paid')", name=op.f("ck_orders_payment_status")
        ),
        sa.CheckConstraint("paid BETWEEN 0 AND total", name=op.f("ck_orders_paid")),
        sa.CheckConstraint(
            "total BETWEEN 0 AND 1000000000000 AND total = subtotal", name=op.f("ck_orders_total")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_orders_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_orders")),
        sa.UniqueConstraint("id", name=op.f("uq_orders_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_orders_account_id_id", "orders", ["account_id", "id"], unique=False)
    op.create_table(
        "variants",
        sa.Column("id", Text, nullable=False),
        sa.Column("item_id", Text, nullable=False),
        sa.Column("sku", Text, nullable=False),
        sa.Column("sku_key", Text, nullable=False),
        sa.Column("label", Text, nullable=True),
        sa.Column("options", Text, nullable=False),
        sa.Column("price", Integer, nullable=False),
        sa.Column("compare_at", Integer, nullable=True),
        sa.Column("currency", Text, nullable=False),
        sa.Column("tracked", Integer, nullable=False),
        sa.Column("available", Integer, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("retired_at", Text, nullable=True),
        sa.Column("external_id", Text, nullable=True),
        sa.Column("external_stock", Integer, nullable=True),
        sa.CheckConstraint("available >= 0", name=op.f("ck_variants_available")),
        sa.CheckConstraint("compare_at BETWEEN 0 AND 100000000000", name=op.f("ck_variants_compare_at")),
        sa.CheckConstraint("price BETWEEN 0 AND 100000000000", name=op.f("ck_variants_price")),
        sa.CheckConstraint("tracked = 1 OR available = 0", name=op.f("ck_variants_untracked")),
        sa.CheckConstraint("tracked IN (0, 1)", name=op.f("ck_variants_tracked")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_variants_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
        sa.UniqueConstraint("sku_key", name=op.f("uq_variants_sku_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_variants_item_id"), "variants", ["item_id"], unique=False)
    op.create_table(
        "fulfilments",
        sa.Column("id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("carrier", Text, nullable=True),
        sa.Column("tracking", Text, nullable=True),
        sa.Column("by_account", Text, nullable=True),
        sa.Column("created_at", Text, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fulfilments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilments")),
        sqlite_strict=True,
    )
    op.create_index("ix_fulfilments_order_id_id", "fulfilments", ["order_id", "id"], unique=False)
    op.create_table(
        "order_events",
        sa.Column("number", Integer, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("by_account", Text, nullable=True),
        sa.Column("note", Text, nullable=True),
        sa.CheckConstraint(
            "kind IN ('placed', 'partly_paid', 'paid', 'partly_fulfilled', 'fulfilled', 'completed', 'cancelled')",
            name=op.f("ck_order_events_kind"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_order_events")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_events_order_id"), "order_events", ["order_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("order_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("variant_id", Text, nullable=False),
        sa.Column("sku", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("quantity", Integer, nullable=False),
        sa.Column("unit_price", Integer, nullable=False),
        sa.Column("total", Integer, nullable=False),
        sa.Column("fulfilled", Integer, nullable=False),
        sa.CheckConstraint("fulfilled BETWEEN 0 AND quantity", name=op.f("ck_order_lines_fulfilled")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity")),
        sa.CheckConstraint("total = quantity * unit_price", name=op.f("ck_order_lines_total")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_order_lines_unit_price")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_order_lines_variant_id")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "variant_id", name=op.f("uq_order_lines_order_id_variant_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_lines_variant_id"), "order_lines", ["variant_id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("provider", Text, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("method", Text, nullable=False),
        sa.Column("amount", Integer, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("reference", Text, nullable=True),
        sa.Column("by_account", Text, nullable=True),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint("provider IN ('manual')", name=op.f("ck_payments_provider")),
        sa.CheckConstraint("state IN ('captured')", name=op.f("ck_payments_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sqlite_strict=True,
    )
    op.create_index("ix_payments_order_id_id", "payments", ["order_id", "id"], unique=False)
    op.create_table(
        "stock_movements",
        sa.Column("id", Text, nullable=False),
        sa.Column("variant_id", Text, nullable=False),
        sa.Column("delta", Integer, nullable=False),
        sa.Column("reason", Text, nullable=False),
        sa.Column("note", Text, nullable=True),
        sa.Column("order_id", Text, nullable=True),
        sa.Column("by_account", Text, nullable=True),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint(
            "(reason IN ('order', 'cancellation')) = (order_id IS NOT NULL)",
            name=op.f("ck_stock_movements_order_id"),
        ),
        sa.CheckConstraint(
            "reason IN ('initial', 'receive', 'return', 'adjust', 'loss', 'order', 'cancellation', 'import')",
            name=op.f("ck_stock_movements_reason"),
        ),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_stock_movements_delta")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_stock_movements_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_stock_movements_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stock_movements_order_id"), "stock_movements", ["order_id"], unique=False)
    op.create_index("ix_stock_movements_variant_id_id", "stock_movements", ["variant_id", "id"], unique=False)
    op.create_table(
        "fulfilment_lines",
        sa.Column("fulfilment_id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("quantity", Integer, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfilment_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["fulfilment_id"],
            ["fulfilments.id"],
            name=op.f("fk_fulfilment_lines_fulfilment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "position"],
            ["order_lines.order_id", "order_lines.position"],
            name=op.f("fk_fulfilment_lines_order_id_position"),
        ),
        sa.PrimaryKeyConstraint("fulfilment_id", "order_id", "position", name=op.f("pk_fulfilment_lines")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_fulfilment_lines_order_id_position", "fulfilment_lines", ["order_id", "position"], unique=False
    )
    for statement in WORDS[op.get_context().dialect.name]:
        op.execute(statement)
    for statement in GUARDS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE item_words")
    op.drop_table("fulfilment_lines")
    op.drop_table("stock_movements")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stock_movements_refuse()")
    op.drop_table("payments")
    op.drop_table("order_lines")
    op.drop_table("order_events")
    op.drop_table("fulfilments")
    op.drop_table("variants")
    op.drop_table("orders")
    op.drop_table("item_terms")
    op.drop_table("item_slugs")
    op.drop_table("items")
