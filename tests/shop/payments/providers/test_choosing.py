"""Test payments: a buyer chooses how one ends, on the page or by a program."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.jobs import queries as jobs
from api.shop.payments.news import queries as news
from api.shop.payments.port import Ask
from api.shop.payments.providers import switched_on
from api.storage import Keyset, Transaction
from tests.factories import CHEAP_HASHER
from tests.nouns import Noun

PAYMENT = "pay_01k9zq3v8r5m2x7c4b6n8p0qwe"
PAGE = f"/test-payments/{PAYMENT}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ASK = Ask(
    payment=PAYMENT,
    order="ord_01k9zq3v8r5m2x7c4b6n8p0qwe",
    label="Order <10042>",
    amount=1900,
    currency="EUR",
    email="ada@kiosque.test",
    return_url="https://shop.kiosque.test/thanks",
    ends_at="2026-11-22T10:30:00.000Z",
)


def _fill(tx: Transaction, _owner: Any) -> None:
    for statement in (
        "INSERT INTO test_payments (id, label, amount, currency, return_url, takes_at_once, state, captured,"
        " ends_at) VALUES ('pay_1', 'Order 1', 5, 'EUR', 'https://kiosque.test', 1, 'captured', 5, 'z')",
        "INSERT INTO test_refunds (id, payment_id, amount) VALUES ('ref_1', 'pay_1', 1)",
    ):
        tx.connection.exec_driver_sql(statement)


NOUN = Noun(
    roles="""
    PUT    /v1/test-payments/{payment}/outcome  other 404 404 404 404 404 404 404 404
    GET    /test-payments/{payment}             other 404 404 404 404 404 404 404 404
    POST   /test-payments/{payment}             other 415 415 415 415 415 415 415 415
    """,
    bodies={
        ("PUT", "/v1/test-payments/{payment}/outcome"): {"outcome": "success"},
        ("POST", "/test-payments/{payment}"): {"outcome": "success"},
    },
    makers={"{payment}": lambda *_: PAYMENT},
    breaking={
        "ck_test_payments_state": "UPDATE test_payments SET state = 'lost'",
        "ck_test_payments_outcome": "UPDATE test_payments SET outcome = 'mood'",
        "ck_test_payments_settles_as": "UPDATE test_payments SET settles_as = 'mood'",
        "ck_test_payments_captured": "UPDATE test_payments SET captured = amount + 1",
        "ck_test_refunds_amount": "UPDATE test_refunds SET amount = 0",
    },
    fill=_fill,
)


@pytest.fixture
def shop(db, settings, clock):
    """A client of a shop that takes test payments, and has begun one."""
    chosen = replace(settings, payments=("manual", "test"))
    switched_on(chosen, db)["test"].open(ASK)
    return TestClient(create_app(chosen, db, CHEAP_HASHER))


def choose(shop, outcome):
    return shop.simulate_put(f"/v1/test-payments/{PAYMENT}/outcome", json={"outcome": outcome})


def click(shop, outcome):
    return shop.simulate_post(PAGE, body=f"outcome={outcome}", headers=FORM)


@pytest.mark.parametrize(
    ("outcome", "state", "captured", "failure"),
    [
        ("success", "captured", 1900, None),
        ("decline", "failed", 0, "card_declined"),
        ("challenge", "open", 0, None),
        ("delayed_success", "processing", 0, None),
        ("delayed_failure", "processing", 0, None),
        ("abandon", "cancelled", 0, None),
    ],
)
def test_a_program_chooses_and_sees_the_payment(shop, outcome, state, captured, failure):
    answer = choose(shop, outcome)

    assert answer.status_code == 200
    assert answer.json == {
        "id": PAYMENT,
        "state": state,
        "outcome": outcome,
        "amount": {"amount": 1900, "currency": "EUR"},
        "captured": {"amount": captured, "currency": "EUR"},
        "failure": failure,
    }
    assert choose(shop, outcome).json == answer.json


@pytest.mark.parametrize(
    ("first", "second", "status", "state"),
    [
        ("challenge", "success", 200, "captured"),
        ("challenge", "decline", 200, "failed"),
        ("delayed_success", "success", 200, "captured"),
        ("delayed_success", "decline", 200, "failed"),
        ("delayed_success", "abandon", 409, "processing"),
        ("success", "decline", 409, "captured"),
        ("decline", "success", 409, "failed"),
        ("abandon", "success", 409, "cancelled"),
    ],
)
def test_a_second_choice_counts_only_while_the_payment_has_not_ended(shop, first, second, status, state):
    choose(shop, first)

    answer = choose(shop, second)

    assert (answer.status_code, answer.json["state"]) == (status, state)


@pytest.mark.parametrize(
    ("outcome", "state", "failure"),
    [("delayed_success", "captured", None), ("delayed_failure", "failed", "insufficient_funds")],
)
def test_a_delayed_payment_has_ended_10_seconds_later(shop, clock, outcome, state, failure):
    choose(shop, outcome)
    clock.advance(seconds=9.999)
    before = choose(shop, outcome).json["state"]
    clock.advance(seconds=0.001)

    after = choose(shop, outcome).json

    assert (before, after["state"], after["failure"]) == ("processing", state, failure)


def test_when_its_time_is_over_an_open_payment_is_cancelled(shop, clock):
    clock.advance(hours=1)

    answer = choose(shop, "success")

    assert (answer.status_code, answer.json["state"]) == (409, "cancelled")


@pytest.mark.parametrize(
    ("payment", "outcome", "status"), [(PAYMENT, "mood", 422), ("pay_unknown", "success", 404)]
)
def test_a_choice_that_means_nothing_is_refused(shop, payment, outcome, status):
    answer = shop.simulate_put(f"/v1/test-payments/{payment}/outcome", json={"outcome": outcome})

    assert answer.status_code == status


def test_without_the_provider_nobody_pays_with_it(shop, db, settings):
    client = TestClient(create_app(replace(settings, payments=("manual",)), db, CHEAP_HASHER))
    paths = (f"/v1/test-payments/{PAYMENT}/outcome", PAGE)

    answers = [
        client.simulate_put(paths[0], json={"outcome": "success"}),
        client.simulate_get(paths[1]),
        client.simulate_post(paths[1], body="outcome=success", headers=FORM),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert choose(shop, "decline").json["state"] == "failed"


def test_the_page_offers_every_outcome_and_sends_it_to_the_shop_alone(shop):
    page = shop.simulate_get(PAGE)

    offered = re.findall(r'name="outcome" value="(\w+)"', page.text)
    assert offered == [
        *("success", "decline", "challenge"),
        *("delayed_success", "delayed_failure", "abandon"),
    ]
    assert "€19.00" in page.text
    assert "Order &lt;10042&gt;" in page.text
    assert "<script" not in page.text
    assert "form-action 'self' https://shop.kiosque.test;" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("wish", "language"), [("fr-CH, en;q=0.5", "fr"), ("de", "en"), (None, "en")])
def test_the_page_speaks_the_buyers_language(shop, wish, language):
    page = shop.simulate_get(PAGE, headers={"Accept-Language": wish} if wish else {})

    assert f'<html lang="{language}">' in page.text
    assert page.headers["Content-Language"] == language
    assert page.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("outcome", "place"),
    [
        ("success", ASK.return_url),
        ("decline", ASK.return_url),
        ("challenge", PAGE),
        ("abandon", ASK.return_url),
    ],
)
def test_a_click_leads_back_to_the_shop_or_to_the_bank(shop, outcome, place):
    answer = click(shop, outcome)

    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_the_bank_asks_a_buyer_once_more_and_takes_yes_or_no(shop):
    click(shop, "challenge")

    page = shop.simulate_get(PAGE)

    assert re.findall(r'name="outcome" value="(\w+)"', page.text) == ["success", "decline"]
    assert "Your bank asks" in page.text


def test_a_click_too_late_leads_to_the_page_which_says_how_the_payment_ended(shop):
    choose(shop, "decline")

    answer = click(shop, "success")

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = shop.simulate_get(PAGE).text
    assert "The payment has failed." in page
    assert "<form" not in page


@pytest.mark.parametrize("body", ["outcome=mood", "mood=success", "outcome=%ff"])
def test_a_form_that_is_not_that_of_the_page_is_refused(shop, body):
    answer = shop.simulate_post(PAGE, body=body, headers=FORM)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-format")


def test_the_shop_hears_of_each_choice_once_and_when_a_delayed_one_is_due(shop, db, monkeypatch):
    monkeypatch.setattr(news, "is_payment", lambda *_, **__: True)

    for outcome in ("challenge", "delayed_success", "delayed_success"):
        choose(shop, outcome)

    with db.read() as tx:
        left = jobs.list_jobs(tx, Keyset("job_~", 100))
    assert [(job.kind, job.facts["payment"]) for job in left] == [("payment.look", PAYMENT)] * 3
    assert sorted(job.due_at[17:19] for job in left) == ["00", "00", "10"]
