"""The SQL of the proof of payments: time that passes, and the books of both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from api.jobs.tables import IS_WAITING, jobs
from api.shop.coupons.tables import coupons
from api.shop.orders.tables import order_lines, orders
from api.shop.payments.port import LIVE, LOOK
from api.shop.payments.providers.test.outcomes import as_of
from api.shop.payments.providers.test.records import TestPayment
from api.shop.payments.providers.test.tables import test_payments, test_refunds
from api.shop.payments.records import CANCEL
from api.shop.payments.tables import payments
from api.shop.refunds.rules import SEND
from api.shop.refunds.tables import refunds
from api.storage import Row, Transaction, columns_of

_EXPIRE = sa.update(orders).where(orders.c.expires_at.is_not(None), orders.c.order_status == "open")
_THIS = orders.c.id == sa.bindparam("order")


def expire_order(tx: Transaction, order_id: str) -> None:
    """Let the time of an order be over, if it has one."""
    tx.run(_EXPIRE.where(_THIS).values(expires_at=tx.now), order=order_id)


_OF_MONEY = jobs.c.kind.in_((LOOK, CANCEL, SEND)) & IS_WAITING
_END = sa.update(test_payments).where(test_payments.c.state == "open")
_SETTLE = sa.update(test_payments).where(test_payments.c.state == "processing")
_DUE = sa.update(jobs).where(_OF_MONEY)


def pass_time(tx: Transaction) -> None:
    """Let all that waits for a later hour be due."""
    tx.run(_EXPIRE.values(expires_at=tx.now))
    tx.run(_END.values(ends_at=tx.now))
    tx.run(_SETTLE.values(settles_at=tx.now))
    tx.run(_DUE.values(due_at=tx.now))


_JOBS = sa.select(sa.func.count()).select_from(jobs).where(_OF_MONEY)
_LIVE = sa.select(sa.func.count()).select_from(payments).where(payments.c.state.in_(LIVE))


def count_unsettled(tx: Transaction) -> int:
    """Jobs about money that wait, and payments by which money may still come."""
    return int(tx.value(_JOBS)) + int(tx.value(_LIVE))


_PAYMENTS = sa.select(
    payments.c.id, payments.c.order_id, payments.c.state, payments.c.captured, payments.c.refunded
)


def list_payments(tx: Transaction) -> Sequence[Row]:
    """The shop's payments: id, order_id, state, captured, refunded."""
    return tx.rows(_PAYMENTS)


_REFUNDS = sa.select(refunds.c.id, refunds.c.payment_id, refunds.c.state, refunds.c.amount)


def list_refunds(tx: Transaction) -> Sequence[Row]:
    """The shop's refunds: id, payment_id, state, amount."""
    return tx.rows(_REFUNDS)


_TAKEN = sa.select(*columns_of(test_payments, TestPayment))
_SENT = sa.select(test_refunds.c.id, test_refunds.c.payment_id, test_refunds.c.amount)


def list_taken(tx: Transaction) -> Mapping[str, int]:
    """The provider's book of money that came, by payment."""
    payments = [as_of(TestPayment(*row), tx.now) for row in tx.rows(_TAKEN)]
    return {payment.id: payment.captured for payment in payments}


def list_sent(tx: Transaction) -> Mapping[str, tuple[str, int]]:
    """The provider's book of money that went back: refund → payment and amount."""
    return {row.id: (row.payment_id, row.amount) for row in tx.rows(_SENT)}


_ORDERS = (
    sa.select(
        orders.c.id,
        orders.c.order_status,
        (orders.c.total - orders.c.credited).label("owed"),
        (orders.c.paid - orders.c.refunded).label("net"),
        sa.func.sum(order_lines.c.quantity - order_lines.c.cancelled).label("standing"),
    )
    .join_from(orders, order_lines, order_lines.c.order_id == orders.c.id)
    .group_by(
        orders.c.id,
        orders.c.order_status,
        orders.c.total,
        orders.c.credited,
        orders.c.paid,
        orders.c.refunded,
    )
)


def list_orders(tx: Transaction) -> Sequence[Row]:
    """Orders: id, order_status, owed, net, and units that stand."""
    return tx.rows(_ORDERS)


_COUPON = sa.select(coupons.c.used)


def find_coupon_uses(tx: Transaction) -> int:
    """The uses of the one coupon."""
    return int(tx.value(_COUPON))
