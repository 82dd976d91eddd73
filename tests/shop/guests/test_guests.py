"""Orders without an account: placed with an e-mail, and touched by whoever has the token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.app import create_app
from api.shop.guests import rules, tokens
from api.shop.orders.tables import orders
from api.storage import Transaction
from api.web.idempotency.tables import idempotency_records
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.nouns import Noun

KEY = "9d0a3f6e-2f5e-4a43-8f0c-6f9a5b1f3c77"
NEVER = "ord_01m8000000000000000000000z"


def _fill(tx: Transaction, _owner: Any) -> None:
    order_id = tx.value(sa.select(orders.c.id).limit(1))
    tokens.issue(tx, order_id=order_id)
    rules.note_network(tx, order_id, network="192.0.2.0/24")


NOUN = Noun(
    roles="""
    DELETE /v1/orders/{order}/access-tokens       own              401 401 403 403 403 204 204 403
    DELETE /v1/orders/{order}/access-tokens       other            401 401 403 403 403 204 204 403
    POST   /v1/order-links                        -                202 202 202 202 202 202 202 202
    POST   /v1/me/order-claims                    -                401 401 403 403 403 403 403 403
    """,
    bodies={("POST", "/v1/order-links"): {"number": 1, "email": "nobody@people.test"}},
    fill=_fill,
)


def test_a_stranger_orders_with_an_e_mail_and_goes_on_with_the_token(order, by_token, left):
    placed = order()

    token, path = placed.json["access_token"], placed.headers["Location"]
    guest = by_token(token)
    shown = guest.simulate_get(path)
    assert placed.status_code == 201
    assert token.startswith("kog_")
    assert placed.json["buyer"] == {"account": None, "email": "ada@kiosque.test"}
    assert shown.json == {name: value for name, value in placed.json.items() if name != "access_token"}
    assert shown.headers["ETag"] == placed.headers["ETag"]
    assert [guest.simulate_get(f"{path}/{below}").json["data"] for below in ("payments", "fulfilments")] == [
        [],
        [],
    ]
    cancelled = guest.simulate_put(f"{path}/cancellation", headers={"If-Match": placed.headers["ETag"]})
    assert cancelled.json["order_status"] == "cancelled"
    assert [(event["kind"], event["by"]) for event in cancelled.json["events"]] == [
        ("placed", "buyer"),
        ("cancelled", "buyer"),
    ]
    assert left() == {"mug": 50}


def test_without_an_e_mail_nothing_is_taken(order, left):
    refused = order(email=None)

    assert (refused.status_code, refused.json["code"]) == (409, "email-required")
    assert left() == {"mug": 50}


@pytest.mark.parametrize("email", ["ada", "ada@", "a b@kiosque.test", "ada@xn--a.test", "ada@10.0.0.1"])
def test_the_e_mail_of_an_order_is_one_that_could_sign_up(order, email):
    assert order(email=email).json["code"] == "invalid-format"


def test_the_e_mail_of_a_signed_in_buyer_is_where_mails_about_the_order_go(order, client_as):
    buyer = client_as()

    gift = order(email="gift@kiosque.test", by=buyer)

    assert gift.json["buyer"]["email"] == "gift@kiosque.test"
    assert gift.json["buyer"]["account"].startswith("acc_")
    assert "access_token" not in gift.json


def test_where_guests_are_off_strangers_log_in_and_the_tokens_of_before_still_work(
    db, settings, order, by_token
):
    placed = order()
    closed = TestClient(create_app(replace(settings, guests="off"), db, CHEAP_HASHER))

    refused = order(by=closed)

    bearer = {"Authorization": f"Bearer {placed.json['access_token']}"}
    assert (refused.status_code, refused.json["code"]) == (401, "authentication-required")
    assert closed.simulate_get(placed.headers["Location"], headers=bearer).status_code == 200
    assert closed.simulate_post("/v1/orders", json={}, headers=bearer).json["code"] == "forbidden"


def test_a_repetition_gets_one_more_token_of_the_same_order_and_none_is_stored(db, order, by_token, left):
    first, again = order(key=KEY), order(key=KEY)

    tokens_of_both = [answer.json["access_token"] for answer in (first, again)]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json["id"] == again.json["id"]
    assert first.headers["ETag"] == again.headers["ETag"]
    assert tokens_of_both[0] != tokens_of_both[1]
    assert [
        by_token(each).simulate_get(first.headers["Location"]).status_code for each in tokens_of_both
    ] == [
        200,
        200,
    ]
    assert left() == {"mug": 49}
    with db.read() as tx:
        stored = tx.value(sa.select(idempotency_records.c.body))
    assert b"kog_" not in bytes(stored)
    assert b"access_token" not in bytes(stored)


def test_a_key_that_could_be_guessed_is_refused_without_an_account(order, client_as, left):
    short, enough = "k" * 21, "k" * 22

    assert order(key=short).json["code"] == "idempotency-key-invalid"
    assert left() == {"mug": 50}
    assert [order(key=enough).status_code, order(key=short, by=client_as()).status_code] == [201, 201]


def test_the_keys_of_strangers_and_of_accounts_are_apart(order, client_as):
    by_stranger, by_buyer = order(key=KEY), order(key=KEY, by=client_as())

    assert by_stranger.json["id"] != by_buyer.json["id"]
    assert order("eve@kiosque.test", key=KEY).json["code"] == "idempotency-key-reused"


def test_ended_tokens_work_no_more_and_no_repetition_makes_another(order, by_token, keeper):
    placed = order(key=KEY)
    path = placed.headers["Location"]

    ended = keeper.simulate_delete(f"{path}/access-tokens")

    assert (ended.status_code, ended.content) == (204, b"")
    assert by_token(placed.json["access_token"]).simulate_get(path).json["code"] == "invalid-token"
    again = order(key=KEY)
    assert (again.status_code, again.json["id"]) == (201, placed.json["id"])
    assert "access_token" not in again.json
    assert keeper.simulate_delete(f"/v1/orders/{NEVER}/access-tokens").status_code == 404


def test_a_token_lives_a_year(order, by_token, clock, db):
    placed = order()
    guest = by_token(placed.json["access_token"])

    clock.advance(days=364)
    assert guest.simulate_get(placed.headers["Location"]).status_code == 200
    clock.advance(days=1)
    assert guest.simulate_get(placed.headers["Location"]).status_code == 401
    with db.write() as tx:
        assert tokens.sweep(tx, most=9) == 1


def test_an_order_has_few_tokens_and_mails_end_none_of_an_answer(db, order, by_token):
    placed = order()
    path, guest = placed.headers["Location"], by_token(placed.json["access_token"])

    with db.write() as tx:
        for number in range(tokens.MOST_TOKENS + 5):
            tokens.issue(tx, order_id=placed.json["id"], mail_id=f"mail_{number}")
        for _ in range(tokens.MOST_TOKENS - 1):
            tokens.issue(tx, order_id=placed.json["id"])

    assert guest.simulate_get(path).status_code == 200
    with db.write() as tx:
        assert tx.value(sa.text("SELECT count(*) FROM order_tokens")) == 2 * tokens.MOST_TOKENS
        tx.now = "2999-01-01T00:00:00.000Z"
        tokens.issue(tx, order_id=placed.json["id"])
        assert tx.value(sa.text("SELECT count(*) FROM order_tokens")) == 2 * tokens.MOST_TOKENS


def test_what_a_guest_does_is_a_buyers_in_events_and_the_order_shows_no_account(order, by_token, client_as):
    placed = order()
    by_token(placed.json["access_token"]).simulate_put(f"{placed.headers['Location']}/cancellation")

    owner = client_as("owner")
    from_log = owner.simulate_get("/v1/events?type=order.*").json["data"]
    shown = owner.simulate_get(placed.headers["Location"]).json
    assert [(event["type"], event["actor"]) for event in from_log] == [
        ("order.placed", "buyer"),
        ("order.cancelled", "buyer"),
    ]
    assert {(event["by"], event["by_account"]) for event in shown["events"]} == {("buyer", None)}
    movements = owner.simulate_get("/v1/variants/mug/stock-movements").json["data"]
    assert {movement["by"] for movement in movements} == {None}


def test_no_log_line_event_or_export_holds_a_token(order, by_token, client_as, caplog):
    caplog.set_level("INFO")
    placed = order(key=KEY)
    token = placed.json["access_token"]
    guest, owner = by_token(token), client_as("owner")
    guest.simulate_get(placed.headers["Location"])

    kept = [owner.simulate_get(path).text for path in ("/v1/events", "/v1/audit-events", "/v1/me/export")]

    lines = [str(vars(record)) for record in caplog.records]
    assert lines
    assert [text for text in (*kept, *lines) if token[4:] in text] == []


def test_a_token_of_an_order_works_no_more_than_the_account_that_has_it(db, order, by_token):
    with db.write() as tx:
        account = make_account(tx, email="ada@kiosque.test", status="active")
        buyer = by_token(sign_in(tx, account))
    placed = order(by=buyer)
    with db.write() as tx:
        token = tokens.issue(tx, order_id=placed.json["id"])

    assert by_token(token).simulate_get(placed.headers["Location"]).status_code == 200
    with db.write() as tx:
        tx.run(sa.text("UPDATE accounts SET status = 'suspended' WHERE id = :account"), account=account.id)
    assert by_token(token).simulate_get(placed.headers["Location"]).status_code == 401
