"""The objects of Stripe's package, as the port speaks of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api import times
from api.shop.payments.port import PaymentState
from api.times import Instant


def state_of(session: Any) -> PaymentState:
    """The state of the page and its payment."""
    if session.status == "expired":
        return "cancelled"
    if session.status == "open":
        return "open"
    states: dict[str | None, PaymentState] = {
        "succeeded": "captured",
        "requires_capture": "authorised",
        "canceled": "cancelled",
        "requires_payment_method": "failed",  # a debit that bounced: the page itself does not open again
    }
    return states.get(status_of(session), "processing")


def status_of(session: Any) -> str | None:
    """The status of the payment of a page, None before there is one."""
    intent = session.payment_intent
    return intent.status if intent is not None and not isinstance(intent, str) else None


def failure_of(intent: Any) -> str | None:
    """The code of the latest failure."""
    error = getattr(intent, "last_payment_error", None)
    return (getattr(error, "decline_code", None) or error.code) if error else None


def metadata_of(thing: Any) -> dict[str, str]:
    """The metadata, which hold our ids."""
    metadata = getattr(thing, "metadata", None)
    return metadata.to_dict() if metadata else {}  # the objects of the package are no mappings


def instant_of(seconds: int) -> Instant:
    """A time, of seconds since 1970."""
    return times.instant(datetime.fromtimestamp(seconds, UTC))
