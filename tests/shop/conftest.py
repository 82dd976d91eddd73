"""What the tests of the shop look at."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.shop.tables import stock_movements, variants


@pytest.fixture
def left(db):
    """`left()` is sku → units available, after holding the counter of each against its ledger."""

    def look():
        summed = (
            sa.select(sa.func.coalesce(sa.func.sum(stock_movements.c.delta), 0))
            .where(stock_movements.c.variant_id == variants.c.id)
            .scalar_subquery()
        )
        with db.read() as tx:
            rows = tx.rows(sa.select(variants.c.sku, variants.c.available, summed))
        assert [row[1] for row in rows] == [row[2] for row in rows], "the ledger does not add up"
        return {sku: available for sku, available, _ in rows}

    return look
