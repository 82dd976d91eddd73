"""The ends of test payments: by the choice of the buyer, or as time goes by."""

from __future__ import annotations

from msgspec import structs

from api import times
from api.shop.orders.states import InvalidState
from api.shop.payments.providers.test.records import Ending, Outcome, TestPayment
from api.times import Instant

DELAY_SECONDS = 10
"""After which a delayed payment has ended."""


def as_of(payment: TestPayment, now: Instant) -> TestPayment:
    """The payment as it is at that time, though nobody has written it down."""
    if payment.state == "open" and payment.ends_at <= now:
        return structs.replace(payment, state="cancelled")
    if payment.state == "processing" and payment.settles_as and (payment.settles_at or now) <= now:
        return _ended(payment, payment.settles_as, failure="insufficient_funds")
    return payment


def decided(payment: TestPayment, outcome: Outcome, now: Instant) -> TestPayment:
    """The payment after that choice. The same choice again changes nothing; InvalidState if it is too late.

    While a delayed one is under way, `success` or `decline` ends it at once.
    """
    if payment.outcome == outcome:
        return payment
    is_open = payment.state == "open"
    if not is_open and not (payment.state == "processing" and outcome in ("success", "decline")):
        raise InvalidState(f"The payment is {payment.state}.", state=payment.state, allowed=[])
    chosen = structs.replace(payment, outcome=outcome)
    good: Ending = "captured" if payment.takes_at_once else "authorised"
    match outcome:
        case "success":
            return _ended(chosen, good)
        case "decline":
            return _ended(chosen, "failed", failure="card_declined" if is_open else "insufficient_funds")
        case "challenge":
            return chosen
        case "abandon":
            return structs.replace(chosen, state="cancelled")
    return structs.replace(
        chosen,
        state="processing",
        settles_as=good if outcome == "delayed_success" else "failed",
        settles_at=times.later(now, seconds=DELAY_SECONDS),
    )


def _ended(payment: TestPayment, ending: Ending, failure: str | None = None) -> TestPayment:
    return structs.replace(
        payment,
        state=ending,
        captured=payment.amount if ending == "captured" else 0,
        failure=failure if ending == "failed" else None,
    )
