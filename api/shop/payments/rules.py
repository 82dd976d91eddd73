"""Payments: money that came is always written down, whoever brings the news, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from msgspec import structs

from api.errors import NotFound
from api.events import rules as events
from api.jobs import rules as jobs
from api.roles import Viewer
from api.shop.coupons.redemptions.rules import CouponNotApplicable
from api.shop.letters import rules as letters
from api.shop.money import Money, check_currency, written
from api.shop.orders import rules as orders
from api.shop.orders.holding import Holding
from api.shop.orders.records import EventKind, Order, Waiting
from api.shop.orders.states import InvalidState, expired, refusal
from api.shop.payments import queries
from api.shop.payments.port import LOOK, RANK, Dispute, Seen
from api.shop.payments.records import CANCEL, MANUAL, Payment
from api.shop.refunds import rules as refunds
from api.shop.stock.rules import OutOfStock
from api.storage import Transaction
from api.times import later

FIRST_LOOK = 60
"""Seconds after which the provider is asked, should all its news be lost."""


def record(
    tx: Transaction,
    order: Order,
    *,
    amount: Money,
    method: str,
    reference: str | None = None,
    actor: Viewer,
) -> Payment:
    """Record money received by hand for `order`, which is locked. An expired one lives again if it can.

    Raises CurrencyMismatch, OutOfStock, InvalidState if that much is not due.
    """
    check_currency({"/amount": amount}, currency=order.currency)
    if order.order_status == "cancelled" or amount.amount > order.due:
        raise _not_due(order, actor=actor)
    if order.order_status == "expired":
        order = orders.revive(tx, order, actor=actor)
    payment = Payment(
        id=tx.new_id("pay"),
        order_id=order.id,
        provider=MANUAL,
        state="captured",
        currency=order.currency,
        amount=amount.amount,
        captured=amount.amount,
        method=method,
        reference=reference,
        by_account=actor.id,
        created_at=tx.now,
    )
    queries.insert_payment(tx, payment)
    events.note(tx, "payment.captured", payment, actor=actor)
    live = queries.find_live(tx, order_id=order.id)
    if live is not None:
        jobs.leave(tx, CANCEL, {"payment": live.id})
    orders.change(tx, order, actor=actor, paid=order.paid + payment.captured)
    return payment


def start(
    tx: Transaction, order: Order, *, provider: str, return_url: str, holding: Holding, actor: Viewer | None
) -> Payment:
    """Write down that the buyer will pay by `provider` what is due for `order`, which is locked.

    The caller has made sure that no other payment of the order is live, and opens this one at its provider
    once the transaction has ended. Raises InvalidState.
    """
    if order.order_status == "expired":
        raise expired(order, actor=actor)
    if order.order_status == "cancelled" or not order.due:
        raise _not_due(order, actor=actor)
    by_hand = provider == MANUAL
    payment = Payment(
        id=tx.new_id("pay"),
        order_id=order.id,
        provider=provider,
        state="open",
        currency=order.currency,
        amount=order.due,
        return_url=return_url,
        ends_at=None if by_hand else later(tx.now, minutes=holding.pay_minutes),
        by_account=actor.id if actor else None,
        created_at=tx.now,
    )
    queries.insert_payment(tx, payment)
    if by_hand:
        letters.note_transfer(tx, order)
    else:
        jobs.leave(tx, LOOK, {"payment": payment.id, "step": "0"}, due_at=later(tx.now, seconds=FIRST_LOOK))
    if order.expires_at is not None:
        orders.change(tx, order, actor=actor, expires_at=holding.during(payment.ends_at, now=tx.now))
    return payment


def apply(tx: Transaction, payment_id: str, seen: Seen, *, holding: Holding) -> Payment:
    """Write down what the provider says, whoever brought the news, however often and in whatever order."""
    known = queries.find_payment(tx, ref=payment_id)
    if known is None:
        raise NotFound
    # One order of locks: the order, then its payments.
    order = orders.find_any(tx, ref=known.order_id, lock=True)
    before = queries.find_payment(tx, ref=payment_id)
    assert before is not None  # noqa: S101  # payments are never deleted
    if seen.mismatch and before.is_live:
        events.note(tx, "payment.mismatch", before)
        order = orders.change(tx, order, actor=None, history=[("payment_mismatch", seen.mismatch)])
    after = _written(tx, order, before, seen, holding=holding)
    if seen.dispute:
        _note_dispute(tx, orders.find_any(tx, ref=order.id, lock=True), after, seen.dispute)
    return after


def _written(tx: Transaction, order: Order, before: Payment, seen: Seen, *, holding: Holding) -> Payment:
    """The payment once its news, unless they are old, and what follows for the order are stored."""
    if RANK[seen.state] < RANK[before.state] or (not before.is_live and seen.state != "captured"):
        return before
    more = max(0, min(seen.captured, before.amount) - before.captured)
    after = structs.replace(
        before,
        state=seen.state,
        captured=before.captured + more,
        reference=seen.reference or before.reference,
        next_url=seen.next_url if seen.state == "open" else None,
        failure=seen.failure,
    )
    if after == before:
        return before
    queries.update_payment(
        tx,
        after,
        **{name: getattr(after, name) for name in ("state", "captured", "reference", "next_url", "failure")},
    )
    if more:
        _money_came(tx, order, after, more)
    elif after.state != before.state:
        _note_state(tx, order, after, holding=holding)
    return after


def _note_state(tx: Transaction, order: Order, payment: Payment, *, holding: Holding) -> None:
    """Let the order hold its stock as long as the payment needs, and show what it waits for."""
    history: Sequence[tuple[EventKind, str | None]] = ()
    waits_for: Waiting = "unpaid"
    expires_at = order.expires_at
    if payment.state in ("failed", "cancelled"):
        if payment.state == "failed":
            history = [("payment_failed", payment.failure)]
        events.note(tx, "payment.failed", payment)
        expires_at = holding.after_attempt(order.expires_at, now=tx.now)
    else:
        waits_for = "authorised" if payment.state == "authorised" else "pending"
        expires_at = None
    if order.order_status == "open":
        orders.change(tx, order, actor=None, history=history, waits_for=waits_for, expires_at=expires_at)


def _money_came(tx: Transaction, order: Order, payment: Payment, more: int) -> None:
    """Count it; what it cannot pay for goes back, since nobody may keep it."""
    events.note(tx, "payment.captured", payment)
    if order.order_status == "expired" and more >= order.due:
        with suppress(OutOfStock, CouponNotApplicable), tx.savepoint():
            order = orders.revive(tx, order, actor=None)
    order = orders.change(tx, order, actor=None, paid=order.paid + more)
    if order.order_status in ("cancelled", "expired"):
        refunds.create(tx, order, payment, amount=more, credited=0, actor=None, reason="came-too-late")
    else:
        refunds.return_surplus(tx, order, actor=None, reason="paid-twice")


def _note_dispute(tx: Transaction, order: Order, payment: Payment, dispute: Dispute) -> None:
    """A dispute is noted once, and once it is lost its money counts as refunded: the bank has taken it."""
    if ("payment_disputed", dispute.reference) not in [(event.kind, event.note) for event in order.events]:
        events.note(tx, "payment.disputed", payment)
        order = orders.change(tx, order, actor=None, history=[("payment_disputed", dispute.reference)])
    amount = min(dispute.amount, payment.refundable)
    if dispute.state == "lost" and amount and not refunds.is_sent(tx, payment, reference=dispute.reference):
        credited = min(amount, order.owed)
        refunds.create(
            tx,
            order,
            payment,
            amount=amount,
            credited=credited,
            actor=None,
            reason="dispute-lost",
            sent_as=dispute.reference,
            changes={"credited": order.credited + credited},
        )


def _not_due(order: Order, *, actor: Viewer | None) -> InvalidState:
    cancelled = order.order_status == "cancelled"
    due = Money(order.due, order.currency)
    return refusal(
        order,
        "The order is cancelled." if cancelled else f"Only {written(due)} is left to pay.",
        state="cancelled" if cancelled else order.payment_status,
        actor=actor,
        due=due,
    )
