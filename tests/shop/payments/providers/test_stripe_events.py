"""Events of Stripe: signed, about our payments alone, in any order and number."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.jobs.queries import list_jobs
from api.shop.payments.port import LOOK, Hint, NotSigned, Seen
from api.shop.payments.queries import insert_payment
from api.shop.payments.records import Payment
from api.storage import Keyset
from tests.factories import CHEAP_HASHER, make_item, make_order, make_viewer

EVENTS = "/v1/payment-providers/stripe/events"


def hints(stripe, server):
    """What each event that was held back hints at."""
    found: list[Any] = []
    server.account.events.hand_out(lambda headers, body: found.append(stripe.hint(headers, body)))
    return found


def test_events_name_our_payment_whatever_they_are_about(stripe, server, stripe_till):
    begun, _ = stripe_till.begin()
    stripe_till.pay("pay_1", "decline")
    stripe_till.pay("pay_1", "success")
    stripe.refund(begun, refund="ref_1", amount=1)

    assert {hint.payment for hint in hints(stripe, server)} == {"pay_1"}


def test_a_dispute_is_traced_back_to_our_payment(stripe, server, paid):
    hints(stripe, server)
    server.account.dispute(paid.reference)

    (hint,) = hints(stripe, server)

    assert hint == Hint(hint.event, None, about=next(iter(server.account.intents)))
    assert stripe.payment_of(hint.about) == "pay_1"
    assert stripe.payment_of("pi_of_somebody_else") is None


@pytest.mark.parametrize(
    "thing",
    [{"metadata": {}}, {"metadata": None}, {}, {"metadata": {"payment": 5}}, {"payment_intent": "pi_1"}],
)
def test_events_of_other_systems_at_the_account_are_no_news(stripe, server, thing):
    server.account.events.add("customer.updated", thing)

    assert hints(stripe, server) == [None]


def test_the_old_secret_holds_until_it_is_taken_out(server, stripe):
    events = server.account.events
    events.add("payment_intent.succeeded", {"metadata": {"payment": "pay_1"}})
    (body,) = events.held

    for secret in ("whsec_next", server.account.secret):
        assert stripe.hint(events.signed(body, secret=secret), body).payment == "pay_1"
    with pytest.raises(NotSigned):
        stripe.hint(events.signed(body, secret="whsec_gone"), body)


def test_a_signature_is_for_these_bytes_and_for_five_minutes(server, stripe):
    events = server.account.events
    events.add("payment_intent.succeeded", {"metadata": {"payment": "pay_1"}})
    (body,) = events.held
    good = events.signed(body)
    header = good["stripe-signature"]

    assert stripe.hint(events.signed(body, age=290), body)
    for headers, sent in (
        (good, body + b" "),
        (good, body.replace(b"pay_1", b"pay_2")),
        (good, b"\xff" + body),
        (events.signed(body, age=310), body),
        ({}, body),
        ({"stripe-signature": ""}, body),
        ({"stripe-signature": "t=,v1="}, body),
        ({"stripe-signature": f"{header}é".replace("v1=", "v0=")}, body),
        ({"stripe-signature": header[:-1] + "é"}, body),
        ({"stripe-signature": "t=" + "9" * 5_000 + ",v1=0"}, body),
    ):
        with pytest.raises(NotSigned):
            stripe.hint(headers, sent)


def test_events_may_come_twice_and_in_any_order(server, stripe, stripe_till):
    begun, _ = stripe_till.begin()
    for how in ("decline", "debit"):
        stripe_till.pay("pay_1", how)
    stripe_till.settle("pay_1", True)
    seen: list[Seen] = []

    server.account.events.hand_out(
        lambda headers, body: stripe.hint(headers, body) and seen.append(stripe.look(begun)),
        times=2,
        shuffle=random.Random(7),
    )

    assert {(each.state, each.captured) for each in seen} == {("captured", 1900)}


@pytest.fixture
def shop(db, settings, server):
    """A client of a shop that takes payments by Stripe, and has one."""
    account = server.account
    chosen = replace(
        settings,
        payments=("stripe",),
        stripe_key=account.key,
        stripe_webhook_secrets=("whsec_next", account.secret),
    )
    with db.write() as tx:
        make_item(tx)
        order = make_order(tx, make_viewer(tx), ("mug", 1))
        payment = Payment(
            id="pay_1",
            order_id=order.id,
            provider="stripe",
            state="open",
            currency="EUR",
            amount=1000,
            by_account=None,
            created_at=tx.now,
        )
        insert_payment(tx, payment)
    return TestClient(create_app(chosen, db, CHEAP_HASHER))


def test_events_reach_the_shop_over_http_and_leave_a_look_each(shop, server, stripe_till, db):
    stripe_till.begin()
    stripe_till.pay("pay_1", "success")
    stripe_till.begin("pay_of_another_shop")
    stripe_till.pay("pay_of_another_shop", "success")
    answers: list[int] = []

    def send(headers, body):
        sent = {**headers, "Content-Type": "application/json; charset=utf-8"}
        answers.append(shop.simulate_post(EVENTS, body=body, headers=sent).status_code)

    server.account.events.hand_out(send, times=3, shuffle=random.Random(11))
    send({"stripe-signature": "t=1,v1=00"}, b"{}")

    with db.read() as tx:
        left = list_jobs(tx, Keyset("job_~", 100))
    assert answers == [204] * 12 + [400]
    assert [(job.kind, dict(job.facts)) for job in left] == [(LOOK, {"payment": "pay_1"})] * 2
