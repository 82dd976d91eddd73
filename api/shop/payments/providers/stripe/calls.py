"""Calls to Stripe: a no is an answer, and silence is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import stripe

from api.shop.payments.port import Refused, Unreachable

_KEYS = ("", ":2", ":3")


def answer(call: Callable[[], Any]) -> Any:
    """The answer: a no is one, but silence, a failure and 'too many' are not."""
    try:
        return call()
    except stripe.IdempotencyError as error:
        raise Refused("same-id", str(error)) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise Refused(error.code or "invalid-request", str(error)) from error
    except stripe.StripeError as error:  # a wrong key too, which its operator can put right
        replayed = (error.headers or {}).get("Idempotent-Replayed") == "true"
        raise (_Replayed if replayed else Unreachable)(str(error)) from error


def once(call: Callable[[str], Any], name: str) -> Any:
    """The answer to a call with the key of that name; with another key where an old failure sticks to it."""
    for more in _KEYS:
        try:
            return answer(partial(call, f"kiosque:{name}{more}"))
        except _Replayed as error:
            old = error
    raise old


def is_replayed(response: Any) -> bool:
    """Whether Stripe only repeats what it answered to that key before."""
    return response is not None and response.headers.get("Idempotent-Replayed") == "true"


class _Replayed(Unreachable):
    """An old failure, which Stripe answers to its key for a day."""
