"""The SQL of payments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.shop.orders.queries import DUE
from api.shop.orders.tables import orders
from api.shop.payments.port import LIVE
from api.shop.payments.records import Payment
from api.shop.payments.tables import payments
from api.storage import Keyset, Row, Transaction, columns_of, row_of

_INSERT = sa.insert(payments)


def insert_payment(tx: Transaction, payment: Payment) -> None:
    """Store a new payment."""
    tx.run(_INSERT, **row_of(payment))


_THIS = payments.c.id == sa.bindparam("payment")
_UPDATE = sa.update(payments).where(_THIS)


def update_payment(tx: Transaction, payment: Payment, **columns: Any) -> None:
    """Change these columns of a payment, whose order is locked."""
    tx.run(_UPDATE, payment=payment.id, **columns)


_SELECT = sa.select(*columns_of(payments, Payment))
_OF_ORDER = _SELECT.where(payments.c.order_id == sa.bindparam("order"))


def find_payment(tx: Transaction, *, ref: str, order_id: str | None = None) -> Payment | None:
    """The payment of that id; with `order_id` only if it is for that order."""
    if order_id is None:
        row = tx.row(_SELECT.where(_THIS), payment=ref)
    else:
        row = tx.row(_OF_ORDER.where(_THIS), payment=ref, order=order_id)
    return _payment(row) if row else None


_LIVE = _OF_ORDER.where(payments.c.state.in_(LIVE))


def find_live(tx: Transaction, *, order_id: str) -> Payment | None:
    """The one payment of the order that money may still come by."""
    row = tx.row(_LIVE, order=order_id)
    return _payment(row) if row else None


_OVERDUE = (
    _SELECT.join_from(payments, orders, orders.c.id == payments.c.order_id)
    .where(DUE, payments.c.state.in_(LIVE))
    .order_by(orders.c.expires_at)
    .limit(sa.bindparam("most"))
)


def list_overdue(tx: Transaction, *, most: int) -> list[Payment]:
    """Live payments of orders that have expired, which is not written down yet; `most` of them at most."""
    return [_payment(row) for row in tx.rows(_OVERDUE, now=tx.now, most=most)]


_LIST = _OF_ORDER.order_by(payments.c.id.desc())
_PAGE = _LIST.where(payments.c.id < sa.bindparam("before")).limit(sa.bindparam("most"))


def list_payments(tx: Transaction, page: Keyset[str], *, order_id: str) -> list[Payment]:
    """A page of the order's payments, newest first."""
    rows = tx.rows(_PAGE, order=order_id, before=page.position, most=page.most)
    return [_payment(row) for row in rows]


_REFUNDABLE = _LIST.where(payments.c.captured > payments.c.refunded)


def list_refundable(tx: Transaction, *, order_id: str) -> list[Payment]:
    """The order's payments of which something can still be sent back, newest first."""
    return [_payment(row) for row in tx.rows(_REFUNDABLE, order=order_id)]


def _payment(row: Row) -> Payment:
    return Payment(**row._asdict())
