"""Payments: money taken by hand for an order, never more than it comes to."""

from __future__ import annotations

from api.accounts.roles import Viewer
from api.shop.money import Money, check_currency, written
from api.shop.orders import queries as order_queries
from api.shop.orders import states
from api.shop.orders.records import Order
from api.shop.payments import queries as payment_queries
from api.shop.payments.records import Payment
from api.storage import Transaction


def record(
    tx: Transaction, *, order: Order, method: str, amount: Money, reference: str | None, by: Viewer
) -> Payment:
    """Write down that `amount` was paid. Raises CurrencyMismatch; InvalidState when it is not owed."""
    check_currency((amount,), currency=order.currency)
    now = order_queries.update_paid(tx, order_id=order.id, amount=amount.amount)
    if now is None:
        raise _refusal(order)
    payment = Payment(
        id=tx.new_id("pay"),
        provider="manual",
        state="captured",
        method=method,
        amount=amount.amount,
        currency=amount.currency,
        reference=reference,
        created_at=tx.now,
    )
    payment_queries.insert_payment(tx, payment, order_id=order.id, by=by.id)
    completed = ["completed"] if now.order_status == "completed" else []
    order_queries.insert_events(tx, order_id=order.id, kinds=[now.payment_status, *completed], by=by.id)
    return payment


def _refusal(order: Order) -> states.InvalidState:
    due = Money(0 if order.order_status == "cancelled" else order.total - order.paid, order.currency)
    if order.order_status == "cancelled":
        return states.refusal(
            order, detail="The order is cancelled.", state="cancelled", keeper=True, due=due
        )
    detail = f"Only {written(due)} is left to pay."
    return states.refusal(order, detail=detail, state=order.payment_status, keeper=True, due=due)
