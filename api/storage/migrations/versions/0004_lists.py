"""Indexes for lists that used to walk past what they do not show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_THERE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_accounts_states", "accounts", ["role", "status", "id"], unique=False)
    op.drop_index(op.f("ix_accounts_role"), table_name="accounts")
    op.create_index(
        "ix_items_status_id",
        "items",
        ["status", "id"],
        unique=False,
        sqlite_where=_THERE,
        postgresql_where=_THERE,
    )
    op.create_index("ix_item_terms_term_id_item_id", "item_terms", ["term_id", "item_id"], unique=False)
    op.drop_index(op.f("ix_item_terms_term_id"), table_name="item_terms")
    op.create_index(
        "ix_orders_states",
        "orders",
        ["order_status", "payment_status", "fulfilment_status", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_orders_states", table_name="orders")
    op.create_index(op.f("ix_item_terms_term_id"), "item_terms", ["term_id"], unique=False)
    op.drop_index("ix_item_terms_term_id_item_id", table_name="item_terms")
    op.drop_index("ix_items_status_id", table_name="items", sqlite_where=_THERE, postgresql_where=_THERE)
    op.create_index(op.f("ix_accounts_role"), "accounts", ["role"], unique=False)
    op.drop_index("ix_accounts_states", table_name="accounts")
