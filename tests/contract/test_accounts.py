"""Contract 2.12–2.22 and 5.1–5.12: signing up, logging in and out, one's own account, the last owner."""

from __future__ import annotations

import pytest

from tests import factories
from tests.contract.operations import NEW_PASSWORD
from tests.contract.server import World


def test_signing_up_makes_a_customer_who_can_log_in(world: World):
    email = world.email()

    made = world.stranger.post("/v1/accounts", {"email": email, "password": NEW_PASSWORD, "name": "Eve"})
    login = world.stranger.post("/v1/sessions", {"email": email.upper(), "password": NEW_PASSWORD})

    assert made.status == 201
    assert made.header("Location") == f"/v1/accounts/{made.json['id']}"
    assert made.json["role"] == "customer"
    assert login.status == 201
    assert login.header("Cache-Control") == "no-store"
    assert login.json["account"] == made.json
    assert world.stranger.by(login.json["token"]).get(made.header("Location") or "").json == made.json


@pytest.mark.parametrize(
    "change",
    [
        str,
        str.upper,
        str.swapcase,
        lambda email: email.replace("p", "ｐ", 1),
        lambda email: email.replace("people", "PEOPLE"),
    ],
)
def test_an_email_is_taken_whatever_its_case_and_width(world: World, change):
    email = world.email()
    body = {"password": NEW_PASSWORD, "name": "Eve"}
    world.stranger.post("/v1/accounts", {**body, "email": email})

    answer = world.stranger.post("/v1/accounts", {**body, "email": change(email)})

    answer.is_problem(409, "email-taken")


def test_an_international_domain_is_the_same_in_punycode(world: World):
    local = world.email().partition("@")[0]
    body = {"password": NEW_PASSWORD, "name": "Eve"}

    first = world.stranger.post("/v1/accounts", {**body, "email": f"{local}@bücher.example"})
    second = world.stranger.post("/v1/accounts", {**body, "email": f"{local}@xn--bcher-kva.example"})

    assert first.status == 201
    second.is_problem(409, "email-taken")


@pytest.mark.parametrize(
    "email",
    ["a", "a@b", "@b.test", "a@", "a@@b.test", "a@b@c.test", "a b@c.test", "a@.test", "a@b..test",
     "a@b.test.",
     "a" * 250 + "@b.test", "", "a@b .test"],
)  # fmt: skip
def test_what_is_no_email_is_refused(world: World, email: str):
    answer = world.stranger.post("/v1/accounts", {"email": email, "password": NEW_PASSWORD, "name": "Eve"})

    assert answer.status == 422
    assert {pointer for pointer, _ in answer.errors()} == {"/email"}
    assert answer.code in ("invalid-format", "too-short", "too-long")


@pytest.mark.parametrize(
    "email", ["a+{}@b.test", "'{}'@b.invalid", "{}@localhost.localdomain", "{}@例え.test"]
)
def test_reserved_and_odd_addresses_are_addresses(world: World, email: str):
    email = email.format(world.sku())

    answer = world.stranger.post("/v1/accounts", {"email": email, "password": NEW_PASSWORD, "name": "Eve"})

    assert answer.status == 201, answer.body


def test_an_email_is_changed_with_the_password_once_the_new_one_confirms_it(world: World):
    person, email = world.login(), world.email()
    client = world.client(person)

    client.patch("/v1/me", {"email": email, "current_password": "no"}).is_problem(403, "wrong-password")
    assert client.patch("/v1/me", {"email": email}).status in (403, 409)
    changed = client.patch("/v1/me", {"email": email, "current_password": factories.PASSWORD})

    assert (changed.status, changed.json["pending_email"]) == (202, email)
    assert changed.json["email"] == person.account.email
    assert client.get("/v1/me").json == changed.json


def test_a_new_password_ends_all_other_sessions_and_the_old_password(world: World):
    person = world.login()
    other = world.stranger.by(world.token_of(person))
    client, body = world.client(person), {"current": factories.PASSWORD, "new": NEW_PASSWORD}

    assert client.put("/v1/me/password", body).status == 204

    other.get("/v1/me").is_problem(401, "invalid-token")
    assert client.get("/v1/me").status == 200
    login = {"email": person.account.email, "password": factories.PASSWORD}
    world.stranger.post("/v1/sessions", login).is_problem(401, "login-failed")
    assert world.stranger.post("/v1/sessions", {**login, "password": NEW_PASSWORD}).status == 201


def test_a_token_is_dead_at_once_on_every_worker(world: World):
    for _ in range(10):
        person = world.person()
        assert world.client(person).delete("/v1/sessions/current").status == 204
        for _ in range(4):
            world.client(person).get("/v1/me").is_problem(401, "invalid-token")


def test_one_session_is_ended_by_its_id(world: World):
    person = world.person()
    other = world.token_of(person)
    ids = {s["current"]: s["id"] for s in world.client(person).get("/v1/me/sessions").json["data"]}

    assert world.client(person).delete(f"/v1/me/sessions/{ids[False]}").status == 204

    world.stranger.by(other).get("/v1/me").is_problem(401, "invalid-token")
    world.client(person).delete(f"/v1/me/sessions/{ids[False]}").is_problem(404, "not-found")
    assert [s["current"] for s in world.client(person).get("/v1/me/sessions").json["data"]] == [True]


def test_a_new_role_counts_at_once(world: World):
    person = world.person()
    owner = world.client("owner")

    for role, status in (("shopkeeper", 200), ("customer", 403), ("owner", 200), ("author", 403)):
        changed = owner.patch(f"/v1/accounts/{person.id}", {"role": role})
        assert (changed.status, changed.json["role"]) == (200, role)
        assert world.client(person).get("/v1/orders").status == status


def test_a_suspended_account_comes_back(world: World):
    person = world.login()
    world.suspend(person)
    login = {"email": person.account.email, "password": factories.PASSWORD}
    world.stranger.post("/v1/sessions", login).is_problem(401, "login-failed")

    world.client("owner").patch(f"/v1/accounts/{person.id}", {"status": "active"})

    assert world.stranger.post("/v1/sessions", login).status == 201


def test_the_last_owner_stays(strict: World):
    owner, me = strict.client("owner"), f"/v1/accounts/{strict.staff['owner'].id}"

    for change in ({"role": "customer"}, {"status": "suspended"}, {"role": "editor", "status": "suspended"}):
        owner.patch(me, change).is_problem(409, "last-owner")

    assert owner.get(me).json["role"] == "owner"
    assert owner.patch(me, {"name": "Still here", "role": "owner"}).status == 200


def test_the_matrix_of_roles_is_the_contracts(world: World):
    editorial = {"articles:write", "articles:edit", "comments:moderate", "redirects:write", "events:read"}
    shop = {"items:write", "stock:write", "orders:read", "orders:write", "events:read", "shop:write"}
    site = {"accounts:read", "accounts:write", "metrics:read", "jobs:write", "mails:read"}
    site |= {"webhooks:write", "audit:read", "settings:read", "imports:write"}
    own = {"me:read", "me:write", "orders:place", "comments:write"}

    listed = world.stranger.get("/v1/roles").json["data"]

    assert {row["role"]: set(row["permissions"]) for row in listed} == {
        "customer": own,
        "author": own | {"articles:write", "media:write"},
        "editor": own | editorial | {"media:write"},
        "shopkeeper": own | shop | {"media:write"},
        "owner": own | editorial | shop | site | {"media:write"},
    }
