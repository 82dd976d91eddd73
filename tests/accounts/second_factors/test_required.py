"""Where staff need a second factor, they and their keys do nothing else before they have one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from falcon.testing import TestClient

from api.app import create_app
from tests.factories import CHEAP_HASHER, PASSWORD, make_article, make_login, make_viewer, sign_in

PATH = "/v1/me/second-factors"


@pytest.fixture
def strict_client(db, settings):
    """`strict_client(token)` at a server that requires a second factor of staff."""
    app = create_app(replace(settings, staff_second_factor="required"), db, CHEAP_HASHER)
    return lambda token: TestClient(app, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def token(db):
    """That of an owner who has no second factor."""
    with db.write() as tx:
        return sign_in(tx, make_login(tx, email="olga@kiosque.test", role="owner"))


def test_staff_without_a_factor_may_only_add_one_confirm_and_leave(strict_client, token, app_code, clock):
    olga = strict_client(token)
    refused = [olga.simulate_get(path) for path in ("/v1/me", "/v1/orders", "/v1/accounts", "/v1/events")]
    confirmed = olga.simulate_put("/v1/sessions/current/confirmation", json={"password": PASSWORD})
    made = olga.simulate_post(PATH, json={"password": PASSWORD}).json
    listed = olga.simulate_get(PATH)

    olga.simulate_put(f"{PATH}/{made['id']}/activation", json={"code": app_code(made["secret"])})

    assert {(answer.status_code, answer.json["code"]) for answer in refused} == {
        (403, "second-factor-missing")
    }
    assert (confirmed.status_code, listed.status_code) == (204, 200)
    assert olga.simulate_get("/v1/orders").status_code == 200
    assert olga.simulate_delete(f"{PATH}/{made['id']}").status_code == 204
    assert olga.simulate_get("/v1/orders").status_code == 403
    assert olga.simulate_delete("/v1/sessions/current").status_code == 204


def test_a_key_of_staff_without_a_factor_does_nothing(strict_client, signed_in, token):
    made = signed_in(token).simulate_post("/v1/api-keys", json={"name": "x", "scopes": ["orders:read"]}).json

    answer = strict_client(made["secret"]).simulate_get("/v1/orders")

    assert (answer.status_code, answer.json["code"]) == (403, "second-factor-missing")


def test_on_public_paths_staff_without_a_factor_are_strangers(db, strict_client):
    with db.write() as tx:
        author = make_viewer(tx, role="editor")
        draft = make_article(tx, author=author, publish_at=None)
        make_article(tx, author=author, title="Tides")
        token = sign_in(tx, author)

    client = strict_client(token)

    assert client.simulate_get(f"/v1/articles/{draft.id}").status_code == 404
    for _ in range(2):  # the second comes from the cache
        assert [each["title"] for each in client.simulate_get("/v1/articles").json["data"]] == ["Tides"]


def test_customers_need_none(db, strict_client):
    with db.write() as tx:
        token = sign_in(tx, make_login(tx, email="ada@kiosque.test"))

    assert strict_client(token).simulate_get("/v1/me").status_code == 200
