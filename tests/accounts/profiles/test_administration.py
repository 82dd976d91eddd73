"""Accounts as owners see and change them, and as nobody else may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import pytest

from api import roles
from tests.factories import make_account


@pytest.fixture
def owner(client_as):
    return client_as("owner")


def account_id(client) -> str:
    return client.simulate_get("/v1/me").json["id"]


def test_accounts_are_listed_newest_first_by_pages(db, owner):
    with db.write() as tx:
        ids = [make_account(tx, role="author").id for _ in range(5)]
    found, path, query = [], "/v1/accounts", "limit=2&role=author"
    while path:
        page = owner.simulate_get(path, query_string=query).json
        found += [account["id"] for account in page["data"]]
        path, _, query = (page["next"] or "").partition("?")

    assert found == ids[::-1]


def test_accounts_are_listed_by_role_and_status(db, owner):
    with db.write() as tx:
        make_account(tx, role="author")
        suspended = make_account(tx, role="author", status="suspended")

    answer = owner.simulate_get("/v1/accounts", query_string="role=author&status=suspended")

    assert [account["id"] for account in answer.json["data"]] == [suspended.id]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "after=x", "role=king", "status=", "sort=name", "role=author&role=editor"],
)
def test_a_bad_query_is_refused(owner, query):
    assert owner.simulate_get("/v1/accounts", query_string=query).status_code == 400


@pytest.mark.parametrize("role", ["customer", "author", "editor", "shopkeeper"])
def test_others_see_only_themselves_and_cannot_tell_who_exists(client_as, owner, role):
    me, same = client_as(role), {"X-Request-ID": "same"}

    answers = [
        me.simulate_get(f"/v1/accounts/{account}", headers=same)
        for account in (account_id(owner), "acc_" + "0" * 26)
    ]

    assert me.simulate_get(f"/v1/accounts/{account_id(me)}").status_code == 200
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert me.simulate_get("/v1/accounts").status_code == 403
    assert me.simulate_patch(f"/v1/accounts/{account_id(me)}", json={"role": "owner"}).status_code == 403


def test_an_account_that_is_not_there_is_not_found(owner):
    assert owner.simulate_get("/v1/accounts/acc_1").status_code == 404
    assert owner.simulate_patch("/v1/accounts/acc_1", json={"name": "x"}).status_code == 404


def test_a_new_role_counts_at_once(owner, client_as, clock):
    them = client_as("customer")
    assert them.simulate_get("/v1/accounts").status_code == 403

    answer = owner.simulate_patch(f"/v1/accounts/{account_id(them)}", json={"role": "owner"})

    assert answer.json["role"] == "owner"
    assert them.simulate_get("/v1/accounts").status_code == 200
    assert them.simulate_get("/v1/me/sessions").json["data"][0]["expires_at"] == "2026-11-22T21:30:00.000Z"


def test_a_suspension_ends_all_sessions_for_good(owner, client_as):
    them = client_as("editor")
    their_id = account_id(them)

    owner.simulate_patch(f"/v1/accounts/{their_id}", json={"status": "suspended"})
    assert them.simulate_get("/v1/me").status_code == 401
    owner.simulate_patch(f"/v1/accounts/{their_id}", json={"status": "active"})
    assert them.simulate_get("/v1/me").status_code == 401


@pytest.mark.parametrize(
    "change", [{"role": "editor"}, {"status": "suspended"}, {"role": "editor", "name": "x"}]
)
def test_the_last_owner_stays(db, owner, change):
    with db.write() as tx:
        make_account(tx, role="owner", status="suspended")
    before = owner.simulate_get("/v1/me").json

    answer = owner.simulate_patch(f"/v1/accounts/{before['id']}", json=change)

    assert (answer.status_code, answer.json["code"]) == (409, "last-owner")
    assert owner.simulate_get("/v1/me").json == before
    assert owner.simulate_patch(f"/v1/accounts/{before['id']}", json={"name": "Still"}).status_code == 200


def test_owners_who_demote_each_other_at_once_leave_one(client_as):
    owners = [client_as("owner") for _ in range(4)]
    ids = [account_id(owner) for owner in owners]

    def demote(number: int) -> int:
        target = ids[(number + 1) % len(ids)]
        return owners[number].simulate_patch(f"/v1/accounts/{target}", json={"role": "editor"}).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(demote, range(4)))

    left = [owner.simulate_get("/v1/me").json["role"] for owner in owners].count("owner")
    assert left >= 1
    assert statuses.count(200) == 4 - left


@pytest.mark.parametrize(
    "body",
    [
        {"role": "king"},
        {"role": None},
        {"status": "deleted"},
        {"email": "x@kiosque.test"},
        {"name": None},
        {"id": "x"},
        [],
    ],
)
def test_what_an_owner_may_not_change_is_refused(owner, body):
    assert owner.simulate_patch(f"/v1/accounts/{account_id(owner)}", json=body).status_code == 422


def test_a_stale_if_match_changes_nothing(owner, client_as):
    path = f"/v1/accounts/{account_id(client_as())}"
    etag = owner.simulate_get(path).headers["ETag"]

    assert owner.simulate_patch(path, json={"name": "A"}, headers={"If-Match": etag}).status_code == 200
    assert owner.simulate_patch(path, json={"name": "B"}, headers={"If-Match": etag}).status_code == 412
    assert owner.simulate_get(path).json["name"] == "A"


def test_anyone_may_read_the_matrix(client):
    matrix = {row["role"]: set(row["permissions"]) for row in client.simulate_get("/v1/roles").json["data"]}

    assert matrix == {role: set(allowed) for role, allowed in roles.PERMISSIONS.items()}
    assert matrix["owner"] == set(get_args(roles.Permission))
    assert set(matrix) == set(get_args(roles.Role))


@pytest.fixture
def watched(client_as, signed_in):
    """A customer with a session and an API key, and the paths under which an owner sees both."""
    person = client_as("customer")
    account = f"/v1/accounts/{person.simulate_get('/v1/me').json['id']}"
    key = person.simulate_post("/v1/api-keys", json={"name": "x", "scopes": ["me:read"]}).json
    return person, signed_in(key["secret"]), account


@pytest.mark.parametrize(("kind", "ended"), [("sessions", 0), ("api-keys", 1)])
def test_an_owner_sees_and_ends_the_access_of_anyone(client_as, watched, kind, ended):
    owner, *clients = client_as("owner"), *watched[:2]
    listed = owner.simulate_get(f"{watched[2]}/{kind}").json["data"]

    ended_one = owner.simulate_delete(f"{watched[2]}/{kind}/{listed[0]['id']}")

    assert (len(listed), ended_one.status_code) == (1, 204)
    statuses = [one.simulate_get("/v1/me").status_code for one in clients]
    assert statuses == [401 if number == ended else 200 for number in range(2)]
    assert owner.simulate_get(f"{watched[2]}/{kind}").json["data"] == []


@pytest.mark.parametrize("kind", ["sessions", "api-keys"])
def test_the_access_of_nobody_is_not_found(client_as, watched, kind):
    owner = client_as("owner")
    other = owner.simulate_get(f"{watched[2]}/{kind}").json["data"][0]["id"]

    assert owner.simulate_get(f"/v1/accounts/acc_1/{kind}").status_code == 404
    assert owner.simulate_delete(f"/v1/accounts/acc_1/{kind}/{other}").status_code == 404


def test_a_suspension_ends_sessions_and_keys_for_good(client_as, watched):
    owner = client_as("owner")

    for status in ("suspended", "active"):
        owner.simulate_patch(watched[2], json={"status": status})

    assert [one.simulate_get("/v1/me").status_code for one in watched[:2]] == [401, 401]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("email=ZOE%40kiosque.test", ["Zoë Ørsted"]),
        ("email=zoe", []),
        ("q=zoe+ors", ["Zoë Ørsted"]),
        ("q=oe%40KIOSQUE", ["Zoë Ørsted"]),
        ("q=100%25", ["100% Bo_b/"]),
        ("q=%25", ["100% Bo_b/"]),
        ("q=o_b%2F", ["100% Bo_b/"]),
        ("q=kiosque.test&role=author", ["100% Bo_b/"]),
        ("q=zoe&role=author", []),
        ("email=zoe%40kiosque.test&status=active&role=customer", ["Zoë Ørsted"]),
        ("q=+&role=author", ["100% Bo_b/"]),
    ],
)
def test_accounts_are_found_by_e_mail_and_by_a_part_of_their_name(client_as, query, names):
    client_as("customer", name="Zoë Ørsted", email="zoe@kiosque.test")
    client_as("author", name="100% Bo_b/", email="bob@kiosque.test")

    answer = client_as("owner", name="Me", email="me@owners.test").simulate_get(f"/v1/accounts?{query}")

    assert [account["name"] for account in answer.json["data"]] == names


def test_a_new_name_is_found_and_the_old_one_is_not(client_as):
    me = client_as("customer", name="Zoë")
    me.simulate_patch("/v1/me", json={"name": "Ava"})
    owner = client_as("owner", name="Me")

    found = [len(owner.simulate_get(f"/v1/accounts?q={name}").json["data"]) for name in ("zoe", "ava")]

    assert found == [0, 1]


def test_the_version_of_an_account_rises_with_each_change_of_it_alone(client_as):
    owner, them = client_as("owner"), client_as("customer")
    path = f"/v1/accounts/{account_id(them)}"

    versions = [
        client.simulate_patch(where, json=change).json["version"]
        for client, where, change in (
            (owner, path, {}),
            (owner, path, {"name": "Eve"}),
            (them, "/v1/me", {"name": "Eve"}),
            (them, "/v1/me", {"name": "Ava"}),
            (owner, path, {"role": "author"}),
        )
    ]

    assert versions == [1, 2, 2, 3, 4]
    assert owner.simulate_get(path).json["version"] == 4


@pytest.mark.parametrize(("match", "status"), [('"v1"', 200), ('"v2"', 412), ('W/"v1"', 412), ("v1", 412)])
def test_an_account_is_changed_at_the_version_that_was_seen(client_as, match, status):
    owner, them = client_as("owner"), client_as("customer")
    path, headers = f"/v1/accounts/{account_id(them)}", {"If-Match": match}

    changed = owner.simulate_patch(path, json={"name": "Eve"}, headers=headers)
    again = owner.simulate_patch(path, json={"name": "Ava"}, headers=headers)

    assert (changed.status_code, again.status_code) == (status, 412)
    assert owner.simulate_get(path).json["name"] == ("Eve" if status == 200 else "Ada")
