"""Contract 6.40–6.42 and 6.44: who is asking, and what their token may do."""

from __future__ import annotations

import json

import pytest

from tests import factories
from tests.contract.client import Answer
from tests.contract.server import World

CHALLENGE = 'Bearer realm="kiosque"'


@pytest.mark.parametrize(
    "value",
    ["Basic YTpi", "Digest username=a, realm=b", "Token abc", "bearerx abc", "Negotiate abc", "Basic"],
)
def test_another_scheme_needs_bearer(world: World, value: str):
    for path in ("/v1/me", "/v1/articles"):
        answer = world.stranger.get(path, Authorization=value)
        answer.is_problem(401, "authentication-required")
        assert answer.header("WWW-Authenticate") == CHALLENGE


def test_no_credentials_where_they_are_needed(world: World):
    answer = world.stranger.get("/v1/me").is_problem(401, "authentication-required")

    assert answer.header("WWW-Authenticate") == CHALLENGE


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer ä", "Bearer \x80", 'Bearer "a"', "a/b c",
     "Bearer\ta", "Bearer =", "Bearer a=b", "Bearer " + "a" * 600, "Bearer a,Bearer b", "Bearer a;b"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/me", "/v1/articles", "/v1/roles"])
def test_a_malformed_authorization_is_400(world: World, path: str, value: str):
    raw = world.stranger.request("GET", path, headers={"Authorization": "@"})

    answer = world.stranger.say(raw.replace(b"@", value.encode("latin-1")))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"invalid-credentials-format"' in answer


@pytest.mark.parametrize("first", ["Bearer a", "Basic YTpi", "Bearer {}"])
@pytest.mark.parametrize("second", ["Bearer a", "Basic YTpi", "Bearer {}"])
def test_a_repeated_authorization_is_400(world: World, first: str, second: str):
    token = world.staff["owner"].token
    headers = [("Authorization", value.format(token)) for value in (first, second)]

    answer = world.stranger.call("GET", "/v1/me", headers=headers)

    answer.is_problem(400, "invalid-credentials-format")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_the_scheme_has_no_case(world: World, scheme: str):
    token = world.staff["owner"].token

    assert world.stranger.get("/v1/me", Authorization=f"{scheme} {token}").status == 200


def test_a_token_that_is_unknown_revoked_or_of_a_suspended_account_is_the_same_401(world: World):
    revoked, suspended, keyed = world.person(), world.person(), world.person()
    world.client(revoked).delete("/v1/sessions/current")
    world.suspend(suspended)
    key = world.key(keyed)
    world.client(keyed).delete(f"/v1/api-keys/{key['id']}")
    tokens = ("ks_" + "a" * 43, "kk_aaaaaaaa_" + "a" * 43, "a", revoked.token, suspended.token, key["secret"])

    for path in ("/v1/me", "/v1/articles", "/v1", "/problems", "/feed.json", "/openapi.json", "/v1/items"):
        answers = [world.stranger.by(token).get(path) for token in tokens]
        for answer in answers:
            answer.is_problem(401, "invalid-token")
            assert answer.header("WWW-Authenticate") == f'{CHALLENGE}, error="invalid_token"'
        assert len({without_id(answer) for answer in answers}) == 1


def test_a_suspended_accounts_keys_die_with_its_sessions(world: World):
    person = world.person("author")
    key = world.key(person, ("articles:write",))
    world.suspend(person)

    world.stranger.by(key["secret"]).get("/v1/me").is_problem(401, "invalid-token")


@pytest.mark.parametrize("value", ["Bearer ks_nobody", "Bearer a b", "Basic YTpi", ""])
def test_what_ignores_authorization_ignores_any(world: World, value: str):
    person = world.login()
    login = {"email": person.account.email, "password": factories.PASSWORD}

    for path in ("/healthz", "/readyz", "/", "/app.js"):
        assert world.stranger.get(path, Authorization=value).status == 200
    assert world.stranger.post("/v1/sessions", login, Authorization=value).status == 201


def test_a_role_too_small_is_forbidden_and_a_scope_too_small_is_named(world: World):
    forbidden = world.client("customer").post("/v1/items", {})
    forbidden.is_problem(403, "forbidden")

    for role, scope, path in (
        ("owner", "items:write", "/v1/items"),
        ("author", "articles:write", "/v1/articles"),
        ("shopkeeper", "orders:read", "/v1/orders"),
    ):
        key = world.key(world.staff[role])["secret"]
        answer = world.stranger.by(key).call("GET" if path == "/v1/orders" else "POST", path, {})
        answer.is_problem(403, "insufficient-scope")
        told = answer.header("WWW-Authenticate")
        assert told == f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'


def test_a_key_may_do_what_its_scopes_name_and_no_more(world: World):
    key = world.key(world.staff["owner"], ("articles:write",))
    client = world.stranger.by(key["secret"])

    assert client.post("/v1/articles", {"title": "By key", "body": "x"}).status == 201
    client.get("/v1/accounts").is_problem(403, "insufficient-scope")
    client.get("/v1/api-keys").is_problem(403, "session-required")


def test_the_scope_for_any_article_is_sufficient_by_itself(world: World):
    path = f"/v1/articles/{world.article(world.staff['author']).id}"
    key = world.key(world.staff["editor"], ("articles:edit",))
    client = world.stranger.by(key["secret"])

    assert client.get("/v1/articles?status=draft&limit=1").status == 200
    assert client.patch(path, {"excerpt": "By key"}).status == 200
    assert client.delete(f"{path}/publication").status == 204
    assert client.put(f"{path}/publication").status == 200
    assert client.delete(path).status == 204
    client.post("/v1/articles", {"title": "New", "body": "x"}).is_problem(403, "insufficient-scope")


def test_a_key_names_the_scope_that_it_lacks_for_what_is_not_its_owners(world: World):
    path = f"/v1/articles/{world.article(world.staff['author']).id}"

    for role, code in (("owner", "insufficient-scope"), ("other", "forbidden")):
        person = world.person("author") if role == "other" else world.staff[role]
        client = world.stranger.by(world.key(person, ("articles:write",))["secret"])
        answer = client.patch(path, {"excerpt": "x"})
        answer.is_problem(403, code)
        assert answer.json["permission"] == "articles:edit"
        told = answer.header("WWW-Authenticate")
        assert told == (
            f'{CHALLENGE}, error="insufficient_scope", scope="articles:edit"' if role == "owner" else None
        )


def test_a_key_asks_for_no_more_than_its_owner_may(world: World):
    answer = world.client("author").post(
        "/v1/api-keys", {"name": "K", "scopes": ["articles:write", "orders:read"]}
    )

    answer.is_problem(403, "forbidden")
    assert answer.errors() == {("/scopes/1", "forbidden")}


def test_a_secret_is_shown_once(world: World):
    person = world.person()
    made = world.key(person)

    listed = world.client(person).get("/v1/api-keys").json["data"]

    assert made["secret"].startswith(made["prefix"])
    assert [key["id"] for key in listed] == [made["id"]]
    assert made["secret"] not in str(listed)
    assert "secret" not in listed[0]


def without_id(answer: Answer) -> str:
    return json.dumps({**answer.json, "request_id": None})
