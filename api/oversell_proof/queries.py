"""The SQL of the proof: what the database says was sold."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.orders.tables import order_lines, orders
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.storage import Transaction

_ORDERS = sa.select(orders.c.id, orders.c.order_status)
_LINES = sa.select(order_lines.c.order_id, order_lines.c.sku, order_lines.c.quantity)
_STOCK = (
    sa.select(variants.c.sku, variants.c.available, sa.func.sum(stock_movements.c.delta))
    .join_from(variants, stock_movements, stock_movements.c.variant_id == variants.c.id)
    .group_by(variants.c.sku, variants.c.available)
)


def list_orders(tx: Transaction) -> dict[str, str]:
    """Order id → status."""
    return {row[0]: row[1] for row in tx.rows(_ORDERS)}


def list_baskets(tx: Transaction) -> dict[str, dict[str, int]]:
    """Order id → sku → units, of orders that have a line."""
    baskets: dict[str, dict[str, int]] = {}
    for order_id, sku, quantity in tx.rows(_LINES):
        baskets.setdefault(order_id, {})[sku] = quantity
    return baskets


def list_stock(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Sku → the counter, and the sum of the ledger."""
    return {row[0]: (row[1], int(row[2])) for row in tx.rows(_STOCK)}
