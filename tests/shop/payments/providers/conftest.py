"""Tills: a provider with whoever pays at it, so that one suite holds them all to the port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from api import times
from api.shop.payments.port import Ask, Begun, Provider, Seen
from api.shop.payments.providers.stripe.provider import Stripe
from api.shop.payments.providers.test import queries, rules
from api.shop.payments.providers.test.provider import TestProvider
from api.storage import Database
from tests.factories import Clock
from tests.standins.stripe.account import Account
from tests.standins.stripe.server import Server

ENDS_AT = "2026-11-22T10:30:00.000Z"
"""An hour after the beginning of the clock of the tests."""


@dataclass
class Till:
    """`pay` is the buyer (success, decline, debit), and `settle` the bank some days after a debit."""

    provider: Provider
    pay: Callable[[str, str], Any]
    settle: Callable[[str, bool], Any]
    books: Callable[[str], tuple[int, int]]
    """What came, and what went back."""
    clock: Clock

    def begin(self, payment: str = "pay_1", **others: Any) -> tuple[Begun, Seen]:
        ask = Ask(
            **{
                "payment": payment,
                "order": "ord_1",
                "label": "Kiosque 10042",
                "amount": 1900,
                "currency": "EUR",
                "email": "ada@kiosque.test",
                "return_url": "https://kiosque.test/thanks",
                "ends_at": ENDS_AT,
                **others,
            }
        )
        seen = self.provider.open(ask)
        return Begun(ask.payment, seen.reference, ask.amount, ask.currency), seen


@pytest.fixture
def server(clock: Clock) -> Iterator[Server]:
    """The stand-in for Stripe, by the clock of the test."""
    with Server(Account(now=lambda: times.moment(clock.now).timestamp())).serving() as serving:
        yield serving


@pytest.fixture
def stripe(server: Server) -> Stripe:
    """The provider at the stand-in, with the secret before the last one still valid."""
    account = server.account
    return Stripe(account.key, ("whsec_next", account.secret), "Card", base=server.url)


@pytest.fixture
def stripe_till(server: Server, stripe: Stripe, clock: Clock) -> Till:
    """Stripe, and its buyers."""

    def page(payment: str) -> str:
        return next(
            each["id"] for each in server.account.sessions.values() if each["metadata"]["payment"] == payment
        )

    return Till(
        provider=stripe,
        pay=lambda payment, how: server.account.pay(page(payment), "card" if how == "success" else how),
        settle=lambda payment, ok: server.account.settle(page(payment), ok=ok),
        books=lambda payment: server.account.books()[payment],
        clock=clock,
    )


@pytest.fixture
def paid(stripe_till: Till) -> Begun:
    """A payment that came."""
    begun, _ = stripe_till.begin()
    stripe_till.pay("pay_1", "success")
    return begun


@pytest.fixture
def test_till(db: Database, clock: Clock) -> Till:
    """The test provider, and its buyers."""
    delayed: dict[str, bool] = {}

    def pay(payment: str, how: str) -> None:
        with db.write() as tx:
            rules.choose(tx, ref=payment, outcome="delayed_success" if how == "debit" else how)

    def settle(payment: str, ok: bool) -> None:
        delayed[payment] = ok
        with db.write() as tx:
            rules.choose(tx, ref=payment, outcome="success" if ok else "decline")

    def books(payment: str) -> tuple[int, int]:
        with db.read() as tx:
            return (
                rules.find(tx, ref=payment).captured,
                queries.sum_refunds(tx, payment_id=payment),
            )

    return Till(TestProvider(db, "https://kiosque.test", "Test"), pay, settle, books, clock)


@pytest.fixture(params=["test", "stripe"])
def till(request: pytest.FixtureRequest) -> Till:
    """Each of the providers in turn."""
    found: Till = request.getfixturevalue(f"{request.param}_till")
    return found
