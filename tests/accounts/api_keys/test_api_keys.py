"""API keys: what they may do, and how they end."""

from __future__ import annotations

import re

import pytest

from api.roles import PERMISSIONS
from tests.factories import PASSWORD, make_article, make_item, make_viewer

KEY = {"name": "importer", "scopes": ["items:write", "stock:write"]}


def test_a_key_shows_its_secret_once(client_as, settings, clock):
    me = client_as("shopkeeper")

    made = me.simulate_post("/v1/api-keys", json=KEY)

    assert made.status_code == 201
    shown = made.json
    secret = shown.pop("secret")
    assert re.fullmatch(r"kk_[0-9a-z]{8}_[A-Za-z0-9_-]{43}", secret)
    assert shown == {
        "id": shown["id"],
        "name": "importer",
        "prefix": secret[:11],
        "scopes": ["items:write", "stock:write"],
        "created_at": "2026-11-22T09:30:00.000Z",
        "last_used_at": None,
        "expires_at": "2027-02-20T09:30:00.000Z",
    }
    assert me.simulate_get("/v1/api-keys").json == {"data": [shown], "next": None}
    assert "no-store" in made.headers["Cache-Control"]
    assert secret.encode() not in b"".join(p.read_bytes() for p in settings.data.glob("kiosque.db*"))


def test_a_key_may_do_what_its_scopes_say_and_no_more(client_as, signed_in):
    owner = client_as("owner")
    secret = owner.simulate_post("/v1/api-keys", json={"name": "x", "scopes": ["accounts:read"]}).json[
        "secret"
    ]
    key = signed_in(secret)

    assert key.simulate_get("/v1/accounts").status_code == 200
    refused = key.simulate_patch("/v1/accounts/acc_1", json={"name": "x"})
    assert refused.status_code == 403
    assert refused.json["code"] == "insufficient-scope"
    assert 'scope="accounts:write"' in refused.headers["WWW-Authenticate"]


def test_a_key_loses_what_its_account_loses(client_as, signed_in):
    first, second = client_as("owner"), client_as("owner")
    secret = second.simulate_post("/v1/api-keys", json={"name": "x", "scopes": ["accounts:read"]}).json[
        "secret"
    ]
    second_id = second.simulate_get("/v1/me").json["id"]

    first.simulate_patch(f"/v1/accounts/{second_id}", json={"role": "author"})

    assert signed_in(secret).simulate_get("/v1/accounts").json["code"] == "forbidden"
    first.simulate_patch(f"/v1/accounts/{second_id}", json={"status": "suspended"})
    assert signed_in(secret).simulate_get("/v1/roles").json["code"] == "invalid-token"


def test_a_scope_beyond_the_role_is_forbidden(client_as):
    me = client_as("author")

    answer = me.simulate_post("/v1/api-keys", json={"name": "x", "scopes": ["articles:write", "stock:write"]})

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert answer.json["errors"][0]["pointer"] == "/scopes/1"
    assert me.simulate_get("/v1/api-keys").json["data"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scopes": ["everything"]}, "invalid-format"),
        ({"scopes": "items:write"}, "invalid-type"),
        ({"scopes": [1]}, "invalid-type"),
        ({"scopes": None}, "invalid-type"),
        ({"scopes": ["items:write"] * 99}, "too-many-lines"),
        ({"name": ""}, "too-short"),
        ({"expires_in_days": 0}, "out-of-range"),
        ({"expires_in_days": 366}, "out-of-range"),
        ({"expires_in_days": "90"}, "invalid-type"),
        ({"expires_in_days": True}, "invalid-type"),
        ({"secret": "kk_mine"}, "unknown-field"),
    ],
)
def test_what_is_wrong_with_a_key_is_named(client_as, changes, code):
    answer = client_as("shopkeeper").simulate_post("/v1/api-keys", json={**KEY, **changes})

    assert (answer.status_code, answer.json["code"]) == (422, code)


@pytest.mark.parametrize(("days", "lasts"), [(1, 1), (365, 365), (None, 90)])
def test_a_key_lasts_as_many_days_as_asked(client_as, signed_in, clock, days, lasts):
    secret = (
        client_as("shopkeeper")
        .simulate_post("/v1/api-keys", json={**KEY, "expires_in_days": days})
        .json["secret"]
    )

    clock.advance(days=lasts, seconds=-1)
    assert signed_in(secret).simulate_get("/v1/roles").status_code == 200
    clock.advance(seconds=1)
    assert signed_in(secret).simulate_get("/v1/me").json["code"] == "invalid-token"


def test_the_use_of_a_key_is_noted(client_as, signed_in, clock):
    me = client_as("shopkeeper")
    key = signed_in(me.simulate_post("/v1/api-keys", json=KEY).json["secret"])
    noted = []
    for _ in range(3):
        key.simulate_get("/v1/roles")
        noted.append(me.simulate_get("/v1/api-keys").json["data"][0]["last_used_at"][14:19])
        clock.advance(seconds=40)

    assert noted == ["30:00", "30:00", "31:20"]


def test_a_revoked_key_is_dead_and_gone(client_as, signed_in):
    me = client_as("shopkeeper")
    made = me.simulate_post("/v1/api-keys", json=KEY).json

    assert me.simulate_delete(f"/v1/api-keys/{made['id']}", headers={"If-Match": '"x"'}).status_code == 412
    assert me.simulate_delete(f"/v1/api-keys/{made['id']}").status_code == 204
    assert signed_in(made["secret"]).simulate_get("/v1/me").json["code"] == "invalid-token"
    assert me.simulate_delete(f"/v1/api-keys/{made['id']}").status_code == 404


def test_the_key_of_another_is_not_found(client_as):
    mine = client_as("shopkeeper").simulate_post("/v1/api-keys", json=KEY).json["id"]
    owner, same = client_as("owner"), {"X-Request-ID": "same"}

    answers = [
        owner.simulate_delete(f"/v1/api-keys/{key}", headers=same) for key in (mine, "key_" + "0" * 26, "x")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/api-keys", None),
        ("POST", "/v1/api-keys", KEY),
        ("DELETE", "/v1/api-keys/key_1", None),
        ("DELETE", "/v1/sessions/current", None),
        ("GET", "/v1/me/sessions", None),
        ("DELETE", "/v1/me/sessions/ses_1", None),
        ("PUT", "/v1/me/password", {"current": PASSWORD, "new": "violet-harbour-93"}),
        ("PATCH", "/v1/me", {"email": "new@kiosque.test", "current_password": PASSWORD}),
        ("PATCH", "/v1/me", {"name": "New", "email": "new@kiosque.test"}),
        ("PATCH", "/v1/accounts/acc_1", {"role": "owner"}),
        ("PATCH", "/v1/accounts/acc_1", {"name": "New", "status": "active"}),
    ],
)
def test_a_key_may_not_manage_access_whatever_its_scopes(client_as, signed_in, method, path, body):
    every_scope = {"name": "x", "scopes": sorted(PERMISSIONS["owner"])}
    key = signed_in(client_as("owner").simulate_post("/v1/api-keys", json=every_scope).json["secret"])

    answer = key.simulate_request(method, path, json=body)

    assert (answer.status_code, answer.json["code"]) == (403, "session-required")


@pytest.mark.parametrize(
    ("scope", "method", "path", "body", "status"),
    [
        ("me:read", "GET", "/v1/me", None, 200),
        ("me:read", "GET", "/v1/me/orders", None, 200),
        ("me:write", "PATCH", "/v1/me", {"name": "New"}, 200),
        ("orders:place", "POST", "/v1/orders", {"lines": [{"sku": "mug", "quantity": 1}]}, 201),
        ("comments:write", "POST", "/v1/articles/fog/comments", {"body": "Well."}, 201),
    ],
)
def test_a_key_does_for_its_owner_only_what_a_scope_names(
    db, client_as, signed_in, scope, method, path, body, status
):
    with db.write() as tx:
        make_item(tx, sku="mug")
        make_article(tx, author=make_viewer(tx))
    buyer = client_as("customer")
    others = sorted(PERMISSIONS["customer"] - {scope})
    named, rest = (
        signed_in(buyer.simulate_post("/v1/api-keys", json={"name": "x", "scopes": scopes}).json["secret"])
        for scopes in ([scope], others)
    )

    refused, done = (key.simulate_request(method, path, json=body) for key in (rest, named))

    assert (refused.status_code, refused.json["scope"]) == (403, scope)
    assert done.status_code == status


def test_a_refusal_names_the_permission_and_the_roles_that_have_it(client_as):
    refused = client_as("author").simulate_get("/v1/orders")

    assert (refused.status_code, refused.json["permission"]) == (403, "orders:read")
    assert refused.json["roles"] == ["shopkeeper", "owner"]
    assert "orders:read" in refused.json["detail"]


def test_an_account_has_fifty_keys_and_expired_ones_make_room(clock, ada, login, signed_in):
    first, *others = [{**KEY, "expires_in_days": days} for days in (1, *[90] * 49)]
    me = signed_in(login().json["token"])
    for key in (first, *others):
        assert me.simulate_post("/v1/api-keys", json={**key, "scopes": []}).status_code == 201

    refused = me.simulate_post("/v1/api-keys", json={**KEY, "scopes": []})
    clock.advance(days=1)
    made = signed_in(login().json["token"]).simulate_post("/v1/api-keys", json={**KEY, "scopes": []})

    assert (refused.status_code, refused.json["code"]) == (409, "too-many-keys")
    assert made.status_code == 201
