"""A storm at Stripe: answers get lost, events come twice and in no order, and the books agree to the cent."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from api.jobs.worker import Tasks, Worker
from api.shop.orders import rules as orders
from api.shop.payments import calls as payment_calls
from api.shop.payments import queries, rules
from api.shop.payments.calls import Calls, ProviderUnavailable
from api.shop.payments.news import rules as news
from api.shop.reconcile import rules as reconcile
from api.shop.refunds import decisions
from api.shop.refunds.records import RefundDraft
from tests.factories import make_item, make_order, make_viewer

COUNT = 24


@pytest.fixture
def calls(db, settings, stripe) -> Calls:
    return payment_calls.calls(db, replace(settings, payments=("stripe",)), {"stripe": stripe})


def test_whatever_gets_lost_the_books_of_stripe_and_of_the_shop_agree(db, calls, server, stripe, clock):
    chance, account = random.Random(5), server.account
    with db.write() as tx:
        keeper, buyer = make_viewer(tx, role="shopkeeper"), make_viewer(tx)
        make_item(tx, stock=COUNT)
        placed = [make_order(tx, buyer, ("mug", 1)) for _ in range(COUNT)]
    server.faults += [
        (fault, verb) for fault in ("lost", "500", "429") for verb in ("POST", "GET", "refunds")
    ]

    def buy(number: int) -> str:
        with db.write() as tx:
            order = orders.find_any(tx, ref=placed[number].id, lock=True)
            payment = rules.start(
                tx,
                order,
                provider="stripe",
                return_url="https://kiosque.test/thanks",
                holding=calls.holding,
                actor=buyer,
            )
        for _ in range(3):
            with suppress(ProviderUnavailable):
                calls.proceed(payment, order)
        return payment.id

    with ThreadPoolExecutor(4) as pool:
        payments = list(pool.map(buy, range(COUNT)))
    for session in [*account.sessions]:
        account.pay(session, chance.choice(["card", "card", "decline"]))
    worker = Worker(db, Tasks(calls.handlers))

    def hear(headers, body) -> None:
        with db.write() as tx:
            hint = stripe.hint(headers, body)
            if hint is not None:
                news.receive(tx, hint, provider="stripe")

    account.events.hand_out(hear, times=2, shuffle=chance)
    server.faults += [("down", "")] * 8
    worker.until_idle()
    server.faults.clear()
    clock.advance(minutes=5)
    worker.until_idle()
    for payment in payments[::2]:
        with db.write() as tx:
            known = queries.find_payment(tx, ref=payment)
            if known.captured:
                order = orders.find_any(tx, ref=known.order_id, lock=True)
                decisions.refund(tx, order, RefundDraft(), actor=keeper)
    server.faults += [("lost", "POST /v1/refunds"), ("500", "POST /v1/refunds"), ("down", "refunds")]
    for _ in range(4):
        worker.until_idle()
        clock.advance(minutes=2)

    with db.read() as tx:
        known = [queries.find_payment(tx, ref=payment) for payment in payments]
        differing = [reconcile.compare(tx, name=name).differences for name in reconcile.names()]
    assert {each.id: (each.captured, each.refunded) for each in known} == account.books()
    assert len(account.sessions) == COUNT
    assert account.refunds
    assert not any(differing)
