"""Orders of guests become those of an account that reads their mail, when it asks for it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.factories import make_account, sign_in


@pytest.fixture
def ada(db, by_token):
    """The client of an account with the address of the guest, not verified yet."""
    with db.write() as tx:
        return by_token(sign_in(tx, make_account(tx, email="ada@kiosque.test")))


@pytest.fixture
def verify(db):
    def verified() -> None:
        with db.write() as tx:
            tx.run(sa.text("UPDATE accounts SET email_verified_at = :now"), now=tx.now)

    return verified


def test_orders_of_ones_own_verified_address_are_claimed_once(order, ada, verify, by_token):
    first, others, second = order(), order("bob@kiosque.test"), order("ADA@kiosque.test")
    verify()
    assert ada.simulate_get("/v1/me/orders").json["data"] == []

    claimed, again = (ada.simulate_post("/v1/me/order-claims") for _ in range(2))

    assert claimed.status_code == 200
    assert [each["id"] for each in claimed.json["data"]] == [second.json["id"], first.json["id"]]
    assert again.json == {"data": []}
    assert ada.simulate_get("/v1/me/orders").json["data"] == claimed.json["data"]
    assert ada.simulate_get(others.headers["Location"]).status_code == 404
    assert by_token(first.json["access_token"]).simulate_get(first.headers["Location"]).status_code == 200


def test_an_address_that_is_not_verified_claims_nothing(order, ada):
    order()

    refused = ada.simulate_post("/v1/me/order-claims")

    assert (refused.status_code, refused.json["code"]) == (403, "email-not-verified")
    assert ada.simulate_get("/v1/me/orders").json["data"] == []


def test_the_buyer_of_a_claimed_order_is_its_guest_and_its_account(order, ada, verify, client_as):
    placed = order()
    verify()
    before = ada.simulate_post("/v1/me/order-claims").json["data"][0]

    ada.simulate_put(f"{placed.headers['Location']}/cancellation")

    shown = client_as("owner").simulate_get(placed.headers["Location"]).json
    assert before["version"] == placed.json["version"] + 1
    account = shown["buyer"]["account"]
    assert [(event["kind"], event["by"], event["by_account"]) for event in shown["events"]] == [
        ("placed", "buyer", None),
        ("changed", "buyer", account),
        ("cancelled", "buyer", account),
    ]


def test_a_claimed_order_that_has_expired_stays_expired(order, ada, verify, clock, left):
    order()
    verify()
    clock.advance(minutes=31)

    claimed = ada.simulate_post("/v1/me/order-claims").json["data"]

    assert [each["order_status"] for each in claimed] == ["expired"]
    assert left() == {"mug": 50}


def test_the_erasure_of_an_account_takes_tokens_answers_and_events_of_what_it_claimed(
    db, order, ada, verify, by_token, client_as
):
    key = "9d0a3f6e-2f5e-4a43-8f0c-6f9a5b1f3c77"
    placed = order(key=key)
    verify()
    ada.simulate_post("/v1/me/order-claims")

    assert ada.simulate_delete("/v1/me").status_code == 204

    assert by_token(placed.json["access_token"]).simulate_get(placed.headers["Location"]).status_code == 401
    assert order(key=key).json["code"] == "created-then-deleted"
    shown = client_as("owner").simulate_get(f"/v1/events?subject={placed.json['id']}").json["data"]
    assert shown[0]["type"] == "order.placed"
    assert shown[0]["data"] is None
