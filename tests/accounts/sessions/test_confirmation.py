"""Confirmation: the most powerful changes need a session that proved its password lately."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.storage import Database
from tests.factories import PASSWORD, make_login

KEY = {"name": "x", "scopes": []}
POWERFUL = [
    ("POST", "/v1/api-keys", KEY, 201),
    ("PATCH", "/v1/accounts/{customer}", {"role": "author"}, 200),
    ("PATCH", "/v1/accounts/{customer}", {"name": "New", "status": "suspended"}, 200),
    ("DELETE", "/v1/accounts/{customer}/sessions/{session}", None, 204),
    ("DELETE", "/v1/accounts/{customer}/api-keys/{key}", None, 204),
]


@pytest.fixture
def owner(db: Database, login: Callable[..., Result], signed_in: Callable[[str], TestClient]) -> TestClient:
    with db.write() as tx:
        make_login(tx, email="olga@kiosque.test", role="owner")
    return signed_in(login("olga@kiosque.test").json["token"])


@pytest.fixture
def places(client_as: Callable[..., TestClient]) -> dict[str, Any]:
    """A customer, and the session and API key of theirs."""
    customer = client_as("customer")
    return {
        "customer": customer.simulate_get("/v1/me").json["id"],
        "session": customer.simulate_get("/v1/me/sessions").json["data"][0]["id"],
        "key": customer.simulate_post("/v1/api-keys", json=KEY).json["id"],
    }


@pytest.mark.parametrize(("method", "path", "body", "status"), POWERFUL)
def test_the_most_powerful_changes_need_a_fresh_session(clock, owner, places, method, path, body, status):
    def change() -> Result:
        return owner.simulate_request(method, path.format(**places), json=body)

    clock.advance(minutes=10)
    refused = change()
    confirmed = owner.simulate_put("/v1/sessions/current/confirmation", json={"password": PASSWORD})
    clock.advance(minutes=9)

    assert (refused.status_code, refused.json["code"]) == (403, "confirmation-required")
    assert confirmed.status_code == 204
    assert change().status_code == status


def test_a_name_needs_no_fresh_session(clock, owner, places):
    clock.advance(minutes=10)

    answer = owner.simulate_patch(f"/v1/accounts/{places['customer']}", json={"name": "New"})

    assert answer.status_code == 200


def test_a_wrong_password_confirms_nothing_and_is_delayed(clock, owner):
    clock.advance(minutes=10)

    answers = [
        owner.simulate_put("/v1/sessions/current/confirmation", json={"password": "wrong"}).status_code
        for _ in range(6)
    ]

    assert answers == [403] * 5 + [429]
    assert owner.simulate_post("/v1/api-keys", json=KEY).json["code"] == "confirmation-required"


def test_a_confirmation_counts_for_its_session_alone(clock, owner, login, signed_in):
    other = signed_in(login("olga@kiosque.test").json["token"])
    clock.advance(minutes=10)

    owner.simulate_put("/v1/sessions/current/confirmation", json={"password": PASSWORD})

    assert other.simulate_post("/v1/api-keys", json=KEY).json["code"] == "confirmation-required"
    assert owner.simulate_post("/v1/api-keys", json=KEY).status_code == 201
