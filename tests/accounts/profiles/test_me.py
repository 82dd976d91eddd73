"""One's own account."""

from __future__ import annotations

import pytest

from tests.factories import PASSWORD

NEW = "violet-harbour-93"


@pytest.fixture
def me(ada, login, signed_in):
    return signed_in(login().json["token"])


def test_a_stranger_has_no_account(client):
    answer = client.simulate_get("/v1/me")

    assert answer.status_code == 401
    assert answer.json["code"] == "authentication-required"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="kiosque"'


def test_i_may_change_my_name_without_a_password(me):
    answer = me.simulate_patch("/v1/me", json={"name": "Countess"})

    assert answer.status_code == 200
    assert answer.json["name"] == "Countess"
    assert me.simulate_get("/v1/me").headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"status": "active"},
        {"password": NEW},
        {"name": None},
        {"email": None},
        {"name": ""},
    ],
)
def test_what_i_may_not_change_is_refused_and_nothing_changes(me, body):
    before = me.simulate_get("/v1/me").content

    assert me.simulate_patch("/v1/me", json={**body}).status_code == 422
    assert me.simulate_get("/v1/me").content == before


def test_an_empty_patch_changes_nothing(me):
    assert me.simulate_patch("/v1/me", json={}).json == me.simulate_get("/v1/me").json


@pytest.mark.parametrize("password", [{}, {"current_password": NEW}])
def test_without_the_current_password_the_e_mail_stays(me, password):
    answer = me.simulate_patch("/v1/me", json={"email": "eve@kiosque.test", "name": "Eve", **password})

    assert answer.status_code == 403
    assert answer.json["code"] == "wrong-password"
    assert me.simulate_get("/v1/me").json["name"] == "Ada"


def test_the_same_e_mail_needs_no_password(me):
    assert me.simulate_patch("/v1/me", json={"email": "ada@kiosque.test"}).status_code == 200


def test_a_stale_if_match_changes_nothing(me):
    etag = me.simulate_get("/v1/me").headers["ETag"]
    me.simulate_patch("/v1/me", json={"name": "First"}, headers={"If-Match": etag})

    answer = me.simulate_patch("/v1/me", json={"name": "Second"}, headers={"If-Match": etag})

    assert answer.status_code == 412
    assert answer.headers["ETag"] == me.simulate_get("/v1/me").headers["ETag"]
    assert me.simulate_get("/v1/me").json["name"] == "First"


@pytest.mark.parametrize(
    ("keeping", "status"), [({}, 401), ({"keep_keys": False}, 401), ({"keep_keys": True}, 200)]
)
def test_a_new_password_ends_all_other_sessions_and_keys(me, login, signed_in, keeping, status):
    other = signed_in(login().json["token"])
    key = signed_in(
        me.simulate_post("/v1/api-keys", json={"name": "ci", "scopes": ["me:read"]}).json["secret"]
    )

    answer = me.simulate_put("/v1/me/password", json={"current": PASSWORD, "new": NEW, **keeping})

    assert answer.status_code == 204
    assert [client.simulate_get("/v1/me").status_code for client in (me, other, key)] == [200, 401, status]
    assert login(password=PASSWORD).status_code == 401
    assert login(password=NEW).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"current": NEW, "new": NEW}, 403, "wrong-password", None),
        ({"current": PASSWORD, "new": "password1234"}, 422, "weak-password", "/new"),
        ({"current": PASSWORD, "new": "short"}, 422, "too-short", "/new"),
        ({"current": PASSWORD, "new": "x" * 257}, 422, "too-long", "/new"),
        ({"current": PASSWORD}, 422, "required", "/new"),
        ({"current": PASSWORD, "new": NEW, "token": 1}, 422, "unknown-field", "/token"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(me, login, body, status, code, pointer):
    answer = me.simulate_put("/v1/me/password", json=body)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert pointer is None or answer.json["errors"][0]["pointer"] == pointer
    assert login().status_code == 201


def test_guessing_the_current_password_is_delayed_and_logging_in_is_not(me, login, clock):
    answers = [
        me.simulate_put("/v1/me/password", json={"current": NEW, "new": NEW}).status_code for _ in range(6)
    ]

    assert answers == [403] * 5 + [429]
    assert login().status_code == 201
