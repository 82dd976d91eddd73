"""Refunds: money is set aside for the buyer in the transaction that decides it, and sent afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from api.events import rules as events
from api.jobs import rules as jobs
from api.roles import Viewer
from api.shop.letters import rules as letters
from api.shop.orders import rules as orders
from api.shop.orders.records import Order
from api.shop.payments import queries as payment_queries
from api.shop.payments.records import MANUAL, Payment
from api.shop.refunds import queries
from api.shop.refunds.records import Refund, RefundLine, RefundState
from api.storage import Transaction

SEND = "refund.send"
"""The kind of the job that sends a refund: its facts are `{refund}`."""


def create(
    tx: Transaction,
    order: Order,
    payment: Payment,
    *,
    amount: int,
    credited: int,
    actor: Viewer | None,
    reason: str | None = None,
    lines: Sequence[RefundLine] = (),
    sent_as: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> tuple[Refund, Order]:
    """Set `amount` of a payment aside for `order`, which is locked.

    What it is credited changes with it, by `changes`, unless it did before: between the two nothing would be
    due, and an order that is not paid would be sent.

    What was received by hand goes back by hand, and has gone, as has what the provider names `sent_as`; the
    rest is left to a job.
    """
    by_hand = payment.provider == MANUAL or sent_as is not None
    refund = Refund(
        id=tx.new_id("ref"),
        order_id=order.id,
        payment_id=payment.id,
        state="succeeded" if by_hand else "pending",
        currency=order.currency,
        amount=amount,
        credited=credited,
        lines=tuple(lines),
        reason=reason,
        reference=sent_as,
        by_account=actor.id if actor else None,
        created_at=tx.now,
    )
    payment_queries.update_payment(tx, payment, refunded=payment.refunded + amount)
    queries.insert_refund(tx, refund)
    after = orders.change(
        tx,
        order,
        actor=actor,
        history=[("refunded", reason)],
        refunded=order.refunded + amount,
        **(changes or {}),
    )
    if by_hand:
        events.note(tx, "refund.succeeded", refund, actor=actor)
        letters.note_refunded(tx, after, refund_id=refund.id)
    else:
        jobs.leave(tx, SEND, {"refund": refund.id})
    return refund, after


def is_sent(tx: Transaction, payment: Payment, *, reference: str) -> bool:
    """Whether a refund of the payment has that name at its provider."""
    return queries.has_reference(tx, payment_id=payment.id, reference=reference)


def end(tx: Transaction, *, refund_id: str, reference: str | None = None, failure: str | None = None) -> None:
    """Write down that a pending refund was sent, or that the provider refused it: the money stays here."""
    refund = queries.find_refund(tx, ref=refund_id)
    if refund is None:
        return
    order = orders.find_any(tx, ref=refund.order_id, lock=True)
    state: RefundState = "failed" if failure else "succeeded"
    if not queries.update_ended(tx, refund_id=refund.id, state=state, reference=reference, failure=failure):
        return
    refund = structs.replace(refund, state=state, reference=reference, failure=failure)
    events.note(tx, "refund.failed" if failure else "refund.succeeded", refund)
    payment = payment_queries.find_payment(tx, ref=refund.payment_id)
    if failure and payment is not None:
        payment_queries.update_payment(tx, payment, refunded=payment.refunded - refund.amount)
        refunded = order.refunded - refund.amount
        orders.change(tx, order, actor=None, history=[("refund_failed", failure)], refunded=refunded)
    elif not failure:
        letters.note_refunded(tx, order, refund_id=refund.id)


def return_surplus(
    tx: Transaction, order: Order, *, actor: Viewer | None, reason: str, credited: int = 0
) -> Order:
    """Set aside everything that was paid beyond what the order owes, of the newest payments first.

    Of it so much was `credited` to the order before.
    """
    for payment in payment_queries.list_refundable(tx, order_id=order.id):
        amount = min(order.surplus, payment.refundable)
        if amount:
            own = min(amount, credited)
            credited -= own
            _, order = create(tx, order, payment, amount=amount, credited=own, actor=actor, reason=reason)
    return order
