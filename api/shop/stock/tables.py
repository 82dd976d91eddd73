"""The stock ledger, which the database itself keeps append-only."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import event

from api.shop.stock.records import Reason
from api.storage import Integer, Text, metadata, one_of

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
    sa.CheckConstraint("delta <> 0 OR reason IN ('tracked', 'untracked')", name="delta"),
    one_of("reason", Reason),
    sa.CheckConstraint(
        "(reason = 'order' OR reason = 'cancellation' OR reason = 'expiry') = (order_id IS NOT NULL)",
        name="order_id",
    ),
    sqlite_strict=True,
    sqlite_with_rowid=False,
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
        "CREATE TRIGGER stock_movements_no_truncate BEFORE TRUNCATE ON stock_movements"
        " EXECUTE FUNCTION stock_movements_refuse()",
    ),
}
"""The triggers that keep the ledger append-only, by dialect; a migration creates the same."""

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            stock_movements,
            "after_create",
            sa.DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
