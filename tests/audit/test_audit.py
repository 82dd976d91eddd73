"""The audit: who did what to whose account, which nobody can change."""

from __future__ import annotations

from contextlib import suppress

import pytest
import sqlalchemy as sa

from api import times
from api.audit import rules
from api.audit.records import SHELL, Origin
from api.audit.tables import audit_events
from api.storage import Database
from tests.factories import PASSWORD, make_account, make_login
from tests.nouns import Noun

NOUN = Noun(
    roles="""
    GET    /v1/audit-events                       -                401 401 403 403 403 403 200 403
    """,
    breaking={
        "ck_audit_events_kind": "INSERT INTO audit_events (id, at, kind, facts)"
        " VALUES ('aud_1', '', 'x', '{}')"
    },
    fill=lambda tx, owner: rules.note(
        tx, "role", Origin(account_id=owner.id), subject=owner.id, role="owner"
    ),
)


class Undone(Exception):
    """The end of a transaction that shall not commit."""


@pytest.fixture
def owner(client_as):
    return client_as("owner", email="owner@kiosque.test")


def log_in(client, email: str, password: str = PASSWORD):
    sent = {"email": email, "password": password}
    return client.simulate_post("/v1/sessions", json=sent, remote_addr="192.0.2.7")


def shown(owner, query: str = "") -> list[dict]:
    return owner.simulate_get(f"/v1/audit-events{query}").json["data"]


def test_a_login_is_stored_with_its_session_network_and_request(db, client, owner):
    with db.write() as tx:
        ada = make_login(tx, email="ada@kiosque.test")

    answer = log_in(client, "ada@kiosque.test")

    (event,) = shown(owner, f"?account={ada.id}")
    assert (event["kind"], event["account_id"], event["subject"]) == ("login", ada.id, ada.id)
    assert event["session_id"].startswith("ses_")
    assert event["network"] == "192.0.2.0/24"
    assert event["request_id"] == answer.headers["X-Request-ID"]


def test_a_failed_login_names_the_account_or_a_hash_and_never_the_address(db, client, owner):
    with db.write() as tx:
        ada = make_login(tx, email="ada@kiosque.test")

    for email in ("ada@kiosque.test", "nobody@kiosque.test", "Nobody@kiosque.test"):
        log_in(client, email, "wrong wrong wrong")

    again, unknown, known = shown(owner, "?kind=login-failed")
    assert known["subject"] == ada.id
    assert unknown["subject"] == again["subject"]
    assert unknown["subject"].startswith("unknown:")
    assert "@" not in str([known, unknown, again])


def test_what_an_owner_does_to_an_account_is_stored(db, owner):
    with db.write() as tx:
        ada = make_account(tx, email="ada@kiosque.test")
    path = f"/v1/accounts/{ada.id}"

    owner.simulate_patch(path, json={"role": "editor", "status": "suspended"})
    owner.simulate_patch(path, json={"role": "editor", "name": "Ada Quill"})
    owner.simulate_delete(path)

    events = shown(owner, f"?account={ada.id}")
    assert [(event["kind"], event["facts"]) for event in events] == [
        ("erasure", {}),
        ("status", {"status": "suspended"}),
        ("role", {"role": "editor"}),
    ]
    assert {event["account_id"] for event in events} == {owner.simulate_get("/v1/me").json["id"]}


def test_keys_and_sessions_leave_their_ids_where_they_ended(db, owner):
    key = owner.simulate_post("/v1/api-keys", json={"name": "Till", "scopes": ["me:read"]}).json["id"]

    owner.simulate_delete(f"/v1/api-keys/{key}")

    events = shown(owner)
    assert [(event["kind"], event["facts"]) for event in events] == [
        ("key-ended", {"key": key}),
        ("key-made", {"key": key, "scopes": "me:read"}),
    ]


def test_what_is_undone_leaves_no_trace(db, owner):
    with suppress(Undone), db.write() as tx:
        rules.note(tx, "settings", SHELL)
        raise Undone

    assert shown(owner) == []


def insert(db: Database, *, days_ago: int) -> None:
    with db.write() as tx:
        at = times.later(min(tx.now, times.now()), days=-days_ago)
        values = {"id": tx.new_id("aud"), "at": at, "kind": "settings", "facts": "{}"}
        tx.run(sa.insert(audit_events), **values)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_events SET subject = 'x'", "DELETE FROM audit_events"],
    ids=["change", "delete"],
)
def test_the_database_refuses_changes_and_early_deletions(db, statement):
    insert(db, days_ago=0)

    with pytest.raises(sa.exc.DBAPIError, match="audit events"), db.write() as tx:
        tx.run(sa.text(statement))

    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(audit_events)) == 1


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("table", ["audit_events", "stock_movements"])
def test_neither_log_nor_ledger_is_emptied_at_once(db, table):
    with pytest.raises(sa.exc.DBAPIError, match=r"audit events|append-only"), db.write() as tx:
        tx.run(sa.text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize(("days_ago", "left"), [(31, 0), (29, 1)])
def test_only_age_deletes(db, days_ago, left):
    insert(db, days_ago=days_ago)

    with db.write() as tx:
        deleted = rules.sweep(tx, most=9, days=30)

    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(audit_events)) == left
    assert deleted == 1 - left
