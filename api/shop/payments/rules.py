"""Payments: money received by hand for an order, never more than is due."""

from __future__ import annotations

from api.events import rules as events
from api.roles import Viewer
from api.shop.money import check_currency, written
from api.shop.orders import queries as order_queries
from api.shop.orders import rules as orders
from api.shop.orders.records import Event, Order
from api.shop.orders.states import InvalidState, next_steps
from api.shop.payments import queries
from api.shop.payments.records import Payment, PaymentDraft
from api.storage import Transaction


def create(tx: Transaction, order: Order, draft: PaymentDraft, *, actor: Viewer) -> Payment:
    """Record a payment for `order`, which is locked. An expired one lives again if its stock is there.

    Raises CurrencyMismatch, OutOfStock, InvalidState if it is not due.
    """
    check_currency((draft.amount,), currency=order.currency)
    if order.order_status == "expired":
        orders.revive(tx, order, actor=actor)
    after = order_queries.update_paid(tx, order_id=order.id, amount=draft.amount.amount)
    if after is None:
        raise _not_due(order, actor)
    payment = Payment(
        id=tx.new_id("pay"),
        provider="manual",
        state="captured",
        method=draft.method,
        amount=draft.amount,
        reference=draft.reference,
        created_at=tx.now,
    )
    queries.insert_payment(tx, payment, order_id=order.id, actor_id=actor.id)
    history = [Event(tx.now, after.payment_status, actor.id)]
    if after.order_status == "completed":
        history.append(Event(tx.now, "completed", actor.id))
    events.note(tx, "payment.captured", payment, actor=actor)
    orders.record(tx, order, history, actor=actor)
    return payment


def _not_due(order: Order, actor: Viewer) -> InvalidState:
    cancelled = order.order_status == "cancelled"
    return InvalidState(
        "The order is cancelled." if cancelled else f"Only {written(order.due)} is left to pay.",
        state="cancelled" if cancelled else order.payment_status,
        allowed=next_steps(order, actor=actor),
        due=order.due,
    )
