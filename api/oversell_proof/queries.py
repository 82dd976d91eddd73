"""The SQL of the proof: what was sold, by the database."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.orders.tables import order_lines, orders
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.storage import Transaction

_ORDERS = sa.select(orders.c.id, orders.c.order_status)


def list_orders(tx: Transaction) -> dict[str, str]:
    """Order id → status."""
    return {row.id: row.order_status for row in tx.rows(_ORDERS)}


_LINES = sa.select(order_lines.c.order_id, order_lines.c.sku, order_lines.c.quantity)


def list_baskets(tx: Transaction) -> dict[str, dict[str, int]]:
    """Order id → sku → units, of orders that have a line."""
    baskets: dict[str, dict[str, int]] = {}
    for order_id, sku, quantity in tx.rows(_LINES):
        baskets.setdefault(order_id, {})[sku] = quantity
    return baskets


_STOCK = (
    sa.select(variants.c.sku, variants.c.available, sa.func.sum(stock_movements.c.delta).label("moved"))
    .join_from(variants, stock_movements, stock_movements.c.variant_id == variants.c.id)
    .group_by(variants.c.sku, variants.c.available)
)


def list_stock(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Sku → the counter, and the sum of the ledger."""
    return {row.sku: (row.available, int(row.moved)) for row in tx.rows(_STOCK)}
