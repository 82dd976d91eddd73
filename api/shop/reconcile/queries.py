"""The SQL that compares figures stored twice: only rows that differ are returned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from api.shop.fulfilments.tables import fulfilment_lines, fulfilments
from api.shop.orders.tables import order_lines, orders
from api.shop.payments.tables import payments
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.storage import Row, Transaction

_DIFFERING = sa.func.count().over().label("differing")


def _summed(amount: sa.ColumnElement[int], *by: sa.ColumnElement[str]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*by, sa.func.sum(amount).label("summed")).group_by(*by)


_ledger = _summed(stock_movements.c.delta, stock_movements.c.variant_id).subquery()
_moved = sa.func.coalesce(_ledger.c.summed, 0)
_COUNTERS = (
    sa.select(variants.c.sku, variants.c.available, _moved, _DIFFERING)
    .outerjoin_from(variants, _ledger, _ledger.c.variant_id == variants.c.id)
    .where(variants.c.available != _moved)
    .order_by(variants.c.sku_key)
)


def list_wrong_counters(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """sku, available, sum of its movements; in all of these, the number of rows that differ comes last."""
    return tx.rows(_COUNTERS.limit(limit))


_taken = (
    _summed(stock_movements.c.delta, stock_movements.c.order_id, stock_movements.c.variant_id)
    .where(stock_movements.c.order_id.is_not(None))
    .subquery()
)
_released = orders.c.order_status.in_(("cancelled", "expired"))
_owed = sa.case((_released, 0), else_=-sa.func.coalesce(order_lines.c.quantity, 0))
# An order that expired and is paid while its stock is not counted takes nothing.
_was_untracked = sa.exists().where(
    stock_movements.c.variant_id == _taken.c.variant_id, stock_movements.c.reason == "untracked"
)
_TAKEN = (
    sa.select(orders.c.number, variants.c.sku, _owed, _taken.c.summed, _DIFFERING)
    .join_from(_taken, orders, orders.c.id == _taken.c.order_id)
    .join(variants, variants.c.id == _taken.c.variant_id)
    .outerjoin(
        order_lines,
        (order_lines.c.order_id == _taken.c.order_id) & (order_lines.c.variant_id == _taken.c.variant_id),
    )
    .where(_taken.c.summed != _owed, ~((_taken.c.summed == 0) & _was_untracked))
    .order_by(orders.c.number, variants.c.sku_key)
)


def list_wrong_takings(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, sku, change that the order stands for, change in the ledger."""
    return tx.rows(_TAKEN.limit(limit))


_lines = _summed(order_lines.c.total, order_lines.c.order_id).subquery()
_TOTALS = (
    sa.select(orders.c.number, orders.c.total, sa.func.coalesce(_lines.c.summed, 0), _DIFFERING)
    .outerjoin_from(orders, _lines, _lines.c.order_id == orders.c.id)
    .where(sa.or_(_lines.c.summed.is_(None), orders.c.total != _lines.c.summed))
    .order_by(orders.c.number)
)


def list_wrong_totals(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, total, sum of its lines."""
    return tx.rows(_TOTALS.limit(limit))


_received = _summed(payments.c.amount, payments.c.order_id, payments.c.currency).subquery()
_sum = sa.func.coalesce(_received.c.summed, 0)
_payment_status = sa.case((_sum == orders.c.total, "paid"), (_sum == 0, "unpaid"), else_="partly_paid")
_PAID = (
    sa.select(orders.c.number, orders.c.paid, orders.c.payment_status, _sum, _DIFFERING)
    .outerjoin_from(
        orders,
        _received,
        (_received.c.order_id == orders.c.id) & (_received.c.currency == orders.c.currency),
    )
    .where(sa.or_(orders.c.paid != _sum, orders.c.payment_status != _payment_status))
    .order_by(orders.c.number)
)


def list_wrong_payments(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, paid, payment_status, sum of its payments."""
    return tx.rows(_PAID.limit(limit))


_sent = (
    _summed(fulfilment_lines.c.quantity, fulfilment_lines.c.order_id, fulfilment_lines.c.position)
    .join_from(fulfilment_lines, fulfilments)
    .where(fulfilments.c.order_id == fulfilment_lines.c.order_id)
    .subquery()
)
_fulfilled = sa.func.coalesce(_sent.c.summed, 0)
_SENT = (
    sa.select(orders.c.number, order_lines.c.sku, order_lines.c.fulfilled, _fulfilled, _DIFFERING)
    .join_from(order_lines, orders)
    .outerjoin(
        _sent,
        (_sent.c.order_id == order_lines.c.order_id) & (_sent.c.position == order_lines.c.position),
    )
    .where(order_lines.c.fulfilled != _fulfilled)
    .order_by(orders.c.number, order_lines.c.position)
)


def list_wrong_fulfilments(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, sku, fulfilled, sum of its fulfilments."""
    return tx.rows(_SENT.limit(limit))


_progress = (
    sa.select(
        order_lines.c.order_id,
        sa.func.sum(order_lines.c.fulfilled).label("fulfilled"),
        sa.func.sum(order_lines.c.quantity).label("ordered"),
    )
    .group_by(order_lines.c.order_id)
    .subquery()
)
_fulfilment_status = sa.case(
    (_progress.c.fulfilled == 0, "none"),
    (_progress.c.fulfilled == _progress.c.ordered, "fulfilled"),
    else_="partial",
)
_SENT_STATUS = (
    sa.select(orders.c.number, orders.c.fulfilment_status, _fulfilment_status, _DIFFERING)
    .join_from(orders, _progress, _progress.c.order_id == orders.c.id)
    .where(orders.c.fulfilment_status != _fulfilment_status)
    .order_by(orders.c.number)
)


def list_wrong_fulfilment_states(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, fulfilment_status, the one that its lines make."""
    return tx.rows(_SENT_STATUS.limit(limit))
