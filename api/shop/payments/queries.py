"""The SQL of payments and fulfilments."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.payments.records import Payment
from api.shop.payments.tables import payments
from api.storage import Keyset, Transaction

_PAYMENTS = (
    sa.select(
        payments.c.id,
        payments.c.provider,
        payments.c.state,
        payments.c.method,
        payments.c.amount,
        payments.c.currency,
        payments.c.reference,
        payments.c.created_at,
    )
    .where(payments.c.order_id == sa.bindparam("order"), payments.c.id < sa.bindparam("before"))
    .order_by(payments.c.id.desc())
    .limit(sa.bindparam("most"))
)
_INSERT_PAYMENT = sa.insert(payments)


def insert_payment(tx: Transaction, payment: Payment, *, order_id: str, by: str) -> None:
    """Store a payment."""
    tx.run(
        _INSERT_PAYMENT,
        id=payment.id,
        order_id=order_id,
        provider=payment.provider,
        state=payment.state,
        method=payment.method,
        amount=payment.amount,
        currency=payment.currency,
        reference=payment.reference,
        by_account=by,
        created_at=payment.created_at,
    )


def list_payments(tx: Transaction, page: Keyset[str], *, order_id: str) -> list[Payment]:
    """A page of the order's payments, newest first."""
    return [Payment(*row) for row in tx.rows(_PAYMENTS, order=order_id, before=page.position, most=page.most)]
