"""The SQL of the test provider."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.payments.providers.test.records import TestPayment
from api.shop.payments.providers.test.tables import test_payments, test_refunds
from api.storage import Transaction, columns_of, row_of

_INSERT = sa.text(
    "INSERT INTO test_payments"
    " (id, label, amount, currency, return_url, takes_at_once, state, captured, ends_at)"
    " VALUES (:id, :label, :amount, :currency, :return_url, :takes_at_once, :state, :captured, :ends_at)"
    " ON CONFLICT DO NOTHING"
)


def insert_payment(tx: Transaction, payment: TestPayment) -> bool:
    """Store a new payment; False if there is one with that id."""
    return tx.run(_INSERT, **row_of(payment)) == 1


_FIND = sa.select(*columns_of(test_payments, TestPayment)).where(test_payments.c.id == sa.bindparam("id"))


def find_payment(tx: Transaction, *, payment_id: str, lock: bool = False) -> TestPayment | None:
    """The payment of that id."""
    row = tx.row(_FIND.with_for_update() if lock else _FIND, id=payment_id)
    return TestPayment(*row) if row else None


_UPDATE = (
    sa.update(test_payments)
    .where(test_payments.c.id == sa.bindparam("payment_id"))
    .values(
        {name: sa.bindparam(name) for name in ("captured", "failure", "outcome", "settles_as", "settles_at")}
        | {"state": sa.bindparam("new_state")}
    )
)


def update_payment(tx: Transaction, payment: TestPayment) -> None:
    """Store what has become of a payment."""
    tx.run(
        _UPDATE,
        payment_id=payment.id,
        new_state=payment.state,
        captured=payment.captured,
        failure=payment.failure,
        outcome=payment.outcome,
        settles_as=payment.settles_as,
        settles_at=payment.settles_at,
    )


_REFUND = sa.select(test_refunds.c.amount).where(
    test_refunds.c.id == sa.bindparam("id"), test_refunds.c.payment_id == sa.bindparam("payment")
)


def find_refund(tx: Transaction, *, refund_id: str, payment_id: str) -> int | None:
    """The amount of the payment's refund of that id."""
    return tx.value(_REFUND, id=refund_id, payment=payment_id)  # type: ignore[no-any-return]


_REFUNDED = sa.select(sa.func.coalesce(sa.func.sum(test_refunds.c.amount), 0)).where(
    test_refunds.c.payment_id == sa.bindparam("payment")
)


def sum_refunds(tx: Transaction, *, payment_id: str) -> int:
    """All that was refunded of the payment."""
    return int(tx.value(_REFUNDED, payment=payment_id))


_INSERT_REFUND = sa.insert(test_refunds)


def insert_refund(tx: Transaction, *, refund_id: str, payment_id: str, amount: int) -> None:
    """Store a new refund."""
    tx.run(_INSERT_REFUND, id=refund_id, payment_id=payment_id, amount=amount)
