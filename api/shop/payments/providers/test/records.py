"""Test payments, as their provider knows them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.shop.payments.port import PaymentState
from api.times import Instant

Outcome = Literal["success", "decline", "challenge", "delayed_success", "delayed_failure", "abandon"]
"""`challenge`: the buyer's bank asks once more, so another outcome follows. `delayed_…`: 10 s later."""

Ending = Literal["captured", "authorised", "failed"]


class TestPayment(Struct, frozen=True):
    """A payment in the provider's own books, which know nothing of orders."""

    id: str
    label: str
    amount: int
    currency: str
    return_url: str
    takes_at_once: int
    state: PaymentState
    captured: int
    failure: str | None
    outcome: Outcome | None
    """The latest choice of the buyer."""
    settles_as: Ending | None
    """How a delayed one ends, at `settles_at`."""
    settles_at: Instant | None
    ends_at: Instant
