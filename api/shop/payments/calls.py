"""Calls to providers: each is made between two transactions, and the second writes down what it brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from api.errors import Conflict, InvalidFormat, NotFound, Unavailable
from api.jobs import rules as jobs
from api.jobs.records import Job
from api.jobs.worker import Handler, Outcome
from api.settings import Settings
from api.shop.orders import rules as orders
from api.shop.orders.holding import Holding
from api.shop.orders.records import Order
from api.shop.payments import queries, rules
from api.shop.payments.port import LOOK, Ask, Begun, Provider, Refused, Seen, Unreachable
from api.shop.payments.records import CANCEL, MANUAL, Payment
from api.shop.payments.schemas import PaymentView
from api.shop.refunds import queries as refund_queries
from api.shop.refunds import rules as refunds
from api.storage import Database, Transaction
from api.times import later

LOOKS = (300, 1_800, 7_200, 21_600, 86_400, 86_400, 86_400, 86_400, 86_400)
"""Seconds between looks at a payment that is live, after the first."""
CLOSED_AT_ONCE = 20
PAUSES = (5, 10, 30, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)


class ProviderUnavailable(Unavailable):
    """The provider of payments does not answer. Nothing is lost: the same request goes on from here."""

    code, title = "provider-unavailable", "Provider unavailable"
    remedy = "Send the same request again after the seconds in Retry-After."
    retry_after = 5


class PaymentOpen(Conflict):
    """Another payment of this order is under way, and it is too late to cancel it."""

    code, title = "payment-open", "Payment under way"
    remedy = "Wait for the other payment to end, then read the order again."


def calls(db: Database, settings: Settings, providers: Mapping[str, Provider]) -> Calls:
    """The calls to these providers, as the operator wishes to be paid."""
    holding = Holding(
        minutes=settings.hold_minutes,
        days=settings.transfer_days,
        pay_minutes=settings.pay_minutes,
        only_by_hand=settings.payments == (MANUAL,),
    )
    return Calls(db, providers, holding, settings.site_name, settings.transfer_text)


@dataclass(frozen=True, eq=False)
class Calls:
    """`providers` by name, those that the operator has switched on."""

    db: Database
    providers: Mapping[str, Provider]
    holding: Holding
    shop: str
    """The name that buyers read at the provider."""

    instructions: str = ""
    """The shop's words on how to pay by hand."""

    def check(self, provider: str, *, at: str) -> None:
        """InvalidFormat at this field unless the provider is switched on."""
        if provider not in self.providers:
            raise InvalidFormat.at(at, f"The shop takes {', '.join(self.providers)}.")

    def view(self, payment: Payment) -> PaymentView:
        """The payment as its buyer sees it."""
        return PaymentView.of(payment, instructions=self.instructions)

    def proceed(self, payment: Payment, order: Order) -> Payment:
        """Open a payment at its provider unless that was done before; ProviderUnavailable."""
        if payment.provider == MANUAL or payment.state != "open" or payment.next_url:
            return payment
        return self._apply(payment, self._open(payment, order))

    def look(self, payment: Payment) -> Payment:
        """The payment as the provider knows it now; ProviderUnavailable."""
        if payment.provider == MANUAL:
            return payment
        if payment.reference is None:
            with self.db.read() as tx:
                order = orders.find_any(tx, ref=payment.order_id)
            return self.proceed(payment, order)
        provider = self.providers.get(payment.provider)
        return self._apply(payment, _seen(partial(_known(provider).look, _begun(payment))))

    def cancel(self, payment: Payment) -> Payment:
        """Give a live payment up; what is true then, perhaps that the money came. ProviderUnavailable."""
        if not payment.is_live:
            return payment
        if payment.provider == MANUAL:
            return self._apply(payment, Seen("cancelled"))
        provider = _known(self.providers.get(payment.provider))
        return self._apply(payment, _seen(partial(provider.cancel, _begun(payment))))

    def capture(self, payment: Payment, *, amount: int) -> Payment:
        """Take so much of what is reserved; what is true then if it is refused. ProviderUnavailable."""
        provider = _known(self.providers.get(payment.provider))
        begun = _begun(payment)

        def captured() -> Seen:
            try:
                return provider.capture(begun, amount=amount)
            except Refused:  # of this amount, now: the payment itself has not failed
                return provider.look(begun)

        return self._apply(payment, _seen(captured))

    @property
    def handlers(self) -> dict[str, Handler]:
        """Kind of job → how to do it."""
        return {
            LOOK: Handler(self._look_again, PAUSES),
            CANCEL: Handler(self._cancel, PAUSES),
            refunds.SEND: Handler(self._send_refund, PAUSES),
        }

    def close_overdue(self) -> None:
        """Close the payments of orders that have expired; if a provider is away, its news comes later."""
        with self.db.read() as tx:
            overdue = queries.list_overdue(tx, most=CLOSED_AT_ONCE)
        for payment in overdue:
            with suppress(ProviderUnavailable):
                self.cancel(payment)

    def _open(self, payment: Payment, order: Order) -> Seen:
        assert payment.ends_at is not None  # noqa: S101  # only one by hand has no end
        ask = Ask(
            payment=payment.id,
            order=order.id,
            label=f"{self.shop} {order.number}",
            amount=payment.amount,
            currency=payment.currency,
            email=order.email,
            return_url=payment.return_url or "",
            ends_at=payment.ends_at,
        )
        return _seen(partial(_known(self.providers.get(payment.provider)).open, ask))

    def _apply(self, payment: Payment, seen: Seen) -> Payment:
        def write() -> Payment:
            with self.db.write() as tx:
                return rules.apply(tx, payment.id, seen, holding=self.holding)

        return self.db.attempt(write)  # what a provider has said is not asked for again for a deadlock's sake

    def _look_again(self, job: Job) -> Outcome:
        with self.db.read() as tx:
            payment = queries.find_payment(tx, ref=job.facts["payment"])
        if payment is None:
            raise NotFound
        after = self.look(payment)
        step = job.facts.get("step")
        if step is None or not after.is_live or int(step) >= len(LOOKS):
            return None
        return partial(_look_later, payment_id=after.id, step=int(step))

    def _cancel(self, job: Job) -> Outcome:
        with self.db.read() as tx:
            payment = queries.find_payment(tx, ref=job.facts["payment"])
        if payment is not None:
            self.cancel(payment)
        return None

    def _send_refund(self, job: Job) -> Outcome:
        with self.db.read() as tx:
            refund = refund_queries.find_refund(tx, ref=job.facts["refund"])
            payment = queries.find_payment(tx, ref=refund.payment_id) if refund else None
        if refund is None or payment is None or refund.state != "pending":
            return None
        provider = _known(self.providers.get(payment.provider))
        try:
            sent = provider.refund(_begun(payment), refund=refund.id, amount=refund.amount)
        except Refused as refusal:
            return partial(refunds.end, refund_id=refund.id, failure=refusal.code)
        if sent.state == "pending":
            raise Unreachable("the provider has not sent it yet")
        return partial(refunds.end, refund_id=refund.id, reference=sent.reference)


def _look_later(tx: Transaction, *, payment_id: str, step: int) -> None:
    facts = {"payment": payment_id, "step": str(step + 1)}
    jobs.leave(tx, LOOK, facts, due_at=later(tx.now, seconds=LOOKS[step]))


def _known(provider: Provider | None) -> Provider:
    if provider is None:  # switched off since
        raise ProviderUnavailable
    return provider


def _begun(payment: Payment) -> Begun:
    return Begun(payment.id, payment.reference, payment.amount, payment.currency)


def _seen(call: Callable[[], Seen]) -> Seen:
    """The provider's answer: a refusal is one, silence is not. ProviderUnavailable."""
    try:
        return call()
    except Refused as refusal:
        return Seen("failed", failure=refusal.code)
    except Unreachable as error:
        raise ProviderUnavailable from error
