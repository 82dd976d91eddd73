"""Stripe by its own package, against a stand-in that keeps its rules and fails as it does."""

from __future__ import annotations

import pytest

from api.shop.payments.port import Begun, Dispute, Refused, Seen, Unreachable
from api.shop.payments.providers.stripe.provider import Stripe

CREATE, REFUND = "POST /v1/checkout/sessions", "POST /v1/refunds"


def test_the_page_is_for_one_sum_without_anything_that_changes_it(stripe_till, server):
    stripe_till.begin()

    (form,) = server.forms
    ours = {"payment": "pay_1", "order": "ord_1"}
    assert form == {
        "mode": "payment",
        "client_reference_id": "pay_1",
        "line_items": {
            "0": {
                "quantity": "1",
                "price_data": {
                    "currency": "eur",
                    "unit_amount": "1900",
                    "product_data": {"name": "Kiosque 10042"},
                },
            }
        },
        "metadata": ours,
        "payment_intent_data": {
            "capture_method": "automatic",
            "description": "Kiosque 10042",
            "metadata": ours,
        },
        "success_url": "https://kiosque.test/thanks",
        "cancel_url": "https://kiosque.test/thanks",
        "expires_at": str(int(server.account.now()) + 3_600 + 120),
        "adaptive_pricing": {"enabled": "false"},
        "customer_email": "ada@kiosque.test",
    }


def test_half_an_hour_that_took_a_minute_to_arrive_is_taken(stripe_till, clock):
    clock.advance(minutes=31)

    assert stripe_till.begin()[1].state == "open"


def test_an_address_that_stripe_does_not_take_is_left_to_the_buyer(stripe_till, server):
    _, seen = stripe_till.begin(email="ada@kiosque.invalid")
    _, again = stripe_till.begin(email="ada@kiosque.invalid")

    assert again == seen
    assert [session["customer_email"] for session in server.account.sessions.values()] == [None]


def test_too_small_a_sum_is_refused_with_stripes_code(stripe_till):
    with pytest.raises(Refused) as refusal:
        stripe_till.begin(amount=49)

    assert refusal.value.code == "amount_too_small"


def test_a_card_that_is_declined_leaves_the_page_open_and_says_why(stripe_till, stripe):
    begun, _ = stripe_till.begin()
    stripe_till.pay("pay_1", "decline")
    declined = stripe.look(begun)
    stripe_till.pay("pay_1", "success")

    assert (declined.state, declined.failure) == ("open", "insufficient_funds")
    assert stripe.look(begun).state == "captured"


def test_one_whose_answer_was_lost_is_cancelled_without_asking(stripe, server):
    seen = stripe.cancel(Begun("pay_1", None, 1900, "EUR"))

    assert (seen, server.requests) == (Seen("cancelled"), [])


@pytest.mark.parametrize("fault", ["lost", "500", "429", "down"])
def test_silence_and_failures_are_no_answer_and_the_next_attempt_begins_the_same(
    stripe_till, server, fault, monkeypatch
):
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0)
    server.faults = [(fault, CREATE)] * (2 if fault in ("lost", "down") else 1)

    with pytest.raises(Unreachable):
        stripe_till.begin()
    stripe_till.begin()
    stripe_till.begin()

    assert len(server.account.sessions) == 1


def test_one_lost_answer_is_made_good_by_the_package_itself(stripe_till, server, monkeypatch):
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0)
    server.faults = [("lost", CREATE)]

    _, seen = stripe_till.begin()

    assert seen.state == "open"
    assert len(server.account.sessions) == 1


@pytest.mark.parametrize("fault", ["lost", "500", "429", "down"])
def test_a_refund_that_nobody_answered_is_sent_once(stripe, server, paid, fault, monkeypatch):
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0)
    server.faults = [(fault, REFUND)] * (2 if fault in ("lost", "down") else 1)

    with pytest.raises(Unreachable):
        stripe.refund(paid, refund="ref_1", amount=500)
    sent = stripe.refund(paid, refund="ref_1", amount=500)

    assert sent.state == "succeeded"
    assert server.account.books()["pay_1"] == (1900, 500)


def test_a_refund_is_found_though_its_key_is_forgotten(stripe, server, paid, clock):
    sent = stripe.refund(paid, refund="ref_1", amount=500)
    clock.advance(days=2)

    assert stripe.refund(paid, refund="ref_1", amount=500) == sent
    assert server.account.books()["pay_1"] == (1900, 500)


@pytest.mark.parametrize(
    ("status", "state"), [("pending", "pending"), ("requires_action", "pending"), ("succeeded", "succeeded")]
)
def test_a_refund_tells_later_what_became_of_it(stripe, server, paid, status, state):
    sent = stripe.refund(paid, refund="ref_1", amount=500)
    server.account.refunds[sent.reference]["status"] = status

    assert stripe.refund(paid, refund="ref_1", amount=500).state == state


def test_a_refund_that_the_bank_sends_back_has_failed(stripe, server, paid):
    sent = stripe.refund(paid, refund="ref_1", amount=500)
    server.account.refunds[sent.reference] |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}

    with pytest.raises(Refused) as refusal:
        stripe.refund(paid, refund="ref_1", amount=500)

    assert refusal.value.code == "lost_or_stolen_card"


@pytest.mark.parametrize(
    ("change", "mismatch"),
    [
        ({"amount_total": 1800}, "1800 EUR instead of 1900 EUR"),
        ({"currency": "usd"}, "1900 USD instead of 1900 EUR"),
        ({"livemode": True}, "a test payment with a live key, or a live one with a test key"),
        ({"metadata": {"payment": "pay_2"}}, "the page of another payment"),
    ],
)
def test_what_is_not_what_was_asked_for_is_never_called_paid(stripe, server, paid, change, mismatch):
    server.account.sessions[paid.reference] |= change

    seen = stripe.look(paid)

    assert (seen.state, seen.captured, seen.mismatch) == ("failed", 0, mismatch)


@pytest.mark.parametrize(
    ("status", "state"),
    [("needs_response", "open"), ("under_review", "open"), ("won", "won"), ("lost", "lost")],
)
def test_a_dispute_is_seen_with_its_end(stripe, server, paid, status, state):
    server.account.dispute(paid.reference, status)

    seen = stripe.look(paid)

    assert (seen.state, seen.captured) == ("captured", 1900)
    assert seen.dispute == Dispute(next(iter(server.account.disputes)), 1900, state)


def test_a_question_of_a_bank_is_no_dispute(stripe, server, paid):
    server.account.dispute(paid.reference, "warning_needs_response")

    assert stripe.look(paid).dispute is None


def test_a_wrong_key_is_the_operators_affair_and_no_answer(server, clock):
    with pytest.raises(Unreachable):
        Stripe("sk_test_other", (), "Card", base=server.url).payment_of("pi_1")


@pytest.mark.parametrize(("key", "is_test"), [("rk_test_x", True), ("sk_live_x", False)])
def test_a_key_says_whether_money_moves(key, is_test):
    assert Stripe(key, (), "Card").is_test is is_test
