"""The SQL that compares figures stored twice: only rows that differ are returned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from api.shop.fulfilments.tables import fulfilment_lines, fulfilments
from api.shop.orders.tables import order_lines, orders
from api.shop.payments.tables import payments
from api.shop.refunds.tables import refunds
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.storage import Row, Transaction
from api.times import later

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
_standing = sa.func.coalesce(order_lines.c.quantity - order_lines.c.cancelled, 0)
_owed = sa.case((orders.c.order_status == "expired", 0), else_=-_standing)
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


_lines = (
    sa.select(
        order_lines.c.order_id,
        sa.func.sum(order_lines.c.total).label("subtotal"),
        sa.func.sum(order_lines.c.discount).label("discount"),
        sa.func.sum(order_lines.c.tax).label("tax"),
    )
    .group_by(order_lines.c.order_id)
    .subquery()
)


def _unlike_lines(stored: sa.ColumnElement[int], of_lines: sa.ColumnElement[int]) -> sa.Select[Any]:
    summed = sa.func.coalesce(of_lines, 0)
    return (
        sa.select(orders.c.number, stored, summed, _DIFFERING)
        .outerjoin_from(orders, _lines, _lines.c.order_id == orders.c.id)
        .where(stored != summed)
        .order_by(orders.c.number)
    )


_SUBTOTALS = _unlike_lines(orders.c.subtotal, _lines.c.subtotal)
_DISCOUNTS = _unlike_lines(orders.c.discount, _lines.c.discount)
_TAXES = _unlike_lines(orders.c.tax - orders.c.shipping_tax, _lines.c.tax)


def list_wrong_subtotals(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, subtotal, sum of its lines."""
    return tx.rows(_SUBTOTALS.limit(limit))


def list_wrong_discounts(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, discount, sum of those of its lines."""
    return tx.rows(_DISCOUNTS.limit(limit))


def list_wrong_taxes(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, tax without that of its shipping, sum of those of its lines."""
    return tx.rows(_TAXES.limit(limit))


_received = _summed(payments.c.captured, payments.c.order_id, payments.c.currency).subquery()
_sum = sa.func.coalesce(_received.c.summed, 0)
_PAID = (
    sa.select(orders.c.number, orders.c.paid, orders.c.payment_status, _sum, _DIFFERING)
    .outerjoin_from(
        orders,
        _received,
        (_received.c.order_id == orders.c.id) & (_received.c.currency == orders.c.currency),
    )
    .where(orders.c.paid != _sum)
    .order_by(orders.c.number)
)


def list_wrong_payments(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, paid, payment_status, sum of its payments."""
    return tx.rows(_PAID.limit(limit))


_returned = (
    _summed(refunds.c.amount, refunds.c.order_id, refunds.c.payment_id)
    .where(refunds.c.state != "failed")
    .subquery()
)
_back = sa.func.coalesce(_returned.c.summed, 0)
_REFUNDED = (
    sa.select(orders.c.number, payments.c.id, payments.c.refunded, _back, _DIFFERING)
    .join_from(payments, orders, orders.c.id == payments.c.order_id)
    .outerjoin(_returned, _returned.c.payment_id == payments.c.id)
    .where(payments.c.refunded != _back)
    .order_by(orders.c.number, payments.c.id)
)
_of_payments = _summed(payments.c.refunded, payments.c.order_id).subquery()
_sent_back = sa.func.coalesce(_of_payments.c.summed, 0)
_REFUNDED_IN_ALL = (
    sa.select(orders.c.number, orders.c.refunded, _sent_back, _DIFFERING)
    .outerjoin_from(orders, _of_payments, _of_payments.c.order_id == orders.c.id)
    .where(orders.c.refunded != _sent_back)
    .order_by(orders.c.number)
)


def list_wrong_refunds(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, id of the payment, what was refunded of it, sum of its refunds."""
    return tx.rows(_REFUNDED.limit(limit))


def list_wrong_refunded(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, refunded, sum of what was refunded of its payments."""
    return tx.rows(_REFUNDED_IN_ALL.limit(limit))


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
        sa.func.sum(order_lines.c.quantity - order_lines.c.cancelled).label("standing"),
    )
    .group_by(order_lines.c.order_id)
    .subquery()
)
_fulfilment_status = sa.case(
    (_progress.c.fulfilled == 0, "none"),
    (_progress.c.fulfilled == _progress.c.standing, "fulfilled"),
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


GRACE_DAYS = 1
"""Days after its hour in which whatever ends late has ended, if background work is done at all."""

_OVERDUE = (
    sa.select(orders.c.number, orders.c.expires_at, _DIFFERING)
    .where(orders.c.order_status == "open", orders.c.expires_at < sa.bindparam("long_ago"))
    .order_by(orders.c.number)
)
_LIVE = (
    sa.select(orders.c.number, payments.c.id, payments.c.ends_at, orders.c.order_status, _DIFFERING)
    .join_from(payments, orders, orders.c.id == payments.c.order_id)
    .where(
        orders.c.order_status.in_(("cancelled", "expired")),
        payments.c.state == "open",
        payments.c.ends_at < sa.bindparam("long_ago"),
    )
    .order_by(orders.c.number, payments.c.id)
)


def list_overdue(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of an open order, and the hour, long ago, at which it was to expire."""
    return tx.rows(_OVERDUE.limit(limit), long_ago=later(tx.now, days=-GRACE_DAYS))


def list_left_open(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of an order that is over, a payment of it that is open, its end long ago, and order_status."""
    return tx.rows(_LIVE.limit(limit), long_ago=later(tx.now, days=-GRACE_DAYS))
