"""The SQL of payments."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.money import Money
from api.shop.payments.records import Payment
from api.shop.payments.tables import payments
from api.storage import Keyset, Row, Transaction, columns_of, row_of

_INSERT = sa.insert(payments)


def insert_payment(tx: Transaction, payment: Payment, *, order_id: str, actor_id: str) -> None:
    """Store a new payment for the order."""
    amount = {"amount": payment.amount.amount, "currency": payment.amount.currency}
    tx.run(_INSERT, **row_of(payment, order_id=order_id, by_account=actor_id, **amount))


_LIST = (
    sa.select(*columns_of(payments, Payment), payments.c.currency)
    .where(payments.c.order_id == sa.bindparam("order"), payments.c.id < sa.bindparam("before"))
    .order_by(payments.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_payments(tx: Transaction, page: Keyset[str], *, order_id: str) -> list[Payment]:
    """A page of the order's payments, newest first."""
    rows = tx.rows(_LIST, order=order_id, before=page.position, most=page.most)
    return [_payment(row) for row in rows]


def _payment(row: Row) -> Payment:
    columns = row._asdict()
    columns["amount"] = Money(columns["amount"], columns.pop("currency"))
    return Payment(**columns)
