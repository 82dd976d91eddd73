"""Logging in by a code that was mailed, and nothing that tells a stranger who has an account."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.accounts.login_codes import rules
from api.accounts.login_codes.tables import login_codes
from api.app import create_app
from api.jobs.worker import Worker
from api.storage import Transaction
from api.tasks import tasks
from tests.factories import CHEAP_HASHER, make_account, make_login, sign_in
from tests.nouns import Noun


def _fill(tx: Transaction, _owner: Any) -> None:
    rules.ask(tx, email="ada@example.org", language="en")


NOUN = Noun(
    roles="""
    POST   /v1/login-codes                        -                202 202 202 202 202 202 202 202
    """,
    bodies={("POST", "/v1/login-codes"): {"email": "nobody@people.test"}},
    breaking={"ck_login_codes_tries": "UPDATE login_codes SET tries = 6"},
    fill=_fill,
)


@pytest.fixture
def ask(client):
    def attempt(email="ada@kiosque.test"):
        return client.simulate_post("/v1/login-codes", json={"email": email})

    return attempt


@pytest.fixture
def code_in(mails):
    """The code of the latest mail."""
    return lambda to="ada@kiosque.test": re.search(r"^\d{6}$", mails(to)[-1][1], re.MULTILINE)[0]


@pytest.fixture
def enter(client):
    def attempt(code_id, code):
        body = {"login_code": code_id, "code": code}
        return client.simulate_post("/v1/sessions", json=body, headers={"X-Request-ID": "same"})

    return attempt


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_logs_in_once_and_verifies_the_address(ada, ask, code_in, enter):
    asked = ask()
    code_id, code = asked.json["id"], code_in()

    answers = [enter(code_id, code) for _ in range(2)]

    assert (asked.status_code, list(asked.json)) == (202, ["id"])
    assert [answer.status_code for answer in answers] == [201, 401]
    assert answers[0].json["account"]["email_verified_at"] is not None


def test_a_code_works_only_with_the_id_that_its_asker_got(ada, ask, code_in, enter):
    first = ask().json["id"]
    code_in()
    ask()

    assert enter(first, code_in()).status_code == 401


def test_a_code_works_for_ten_minutes(ada, ask, code_in, enter, clock):
    code_id, code = ask().json["id"], code_in()
    clock.advance(minutes=10)

    assert enter(code_id, code).status_code == 401


def test_five_tries_are_all(ada, ask, code_in, enter, clock):
    code_id, code = ask().json["id"], code_in()

    answers = [enter(code_id, other_than(code)) for _ in range(5)] + [enter(code_id, code)]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_tries_at_the_same_time_are_counted_one_by_one(db, ada, ask, code_in):
    code_id, code = ask().json["id"], code_in()

    def guess(_: int) -> str:
        try:
            rules.prove(db, code_id=code_id, code=other_than(code))
        except rules.LoginFailed as error:
            return error.code
        return "proven"

    with ThreadPoolExecutor(8) as threads:
        outcomes = set(threads.map(guess, range(12)))

    with db.read() as tx:
        assert tx.value(sa.select(login_codes.c.tries)) == 5
    assert outcomes == {"login-failed"}


def test_of_twenty_who_enter_a_code_at_once_one_logs_in(db, ada, ask, code_in):
    row = rules.prove(db, code_id=ask().json["id"], code=code_in())

    def accept(_: int) -> bool:
        try:
            with db.write() as tx:
                rules.accept(tx, row, for_staff=False)
        except rules.LoginFailed:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(lambda number: db.attempt(lambda: accept(number)), range(20)))

    assert outcomes.count(True) == 1


@pytest.mark.parametrize("role", ["author", "editor", "shopkeeper", "owner"])
def test_staff_log_in_by_code_only_where_the_operator_allows_it(db, settings, client, mails, role):
    with db.write() as tx:
        make_login(tx, email="olga@kiosque.test", role=role)
    allowing = replace(settings, staff_codes="on")
    allowed = TestClient(create_app(allowing, db, CHEAP_HASHER))
    client.simulate_post("/v1/login-codes", json={"email": "olga@kiosque.test"})
    assert mails("olga@kiosque.test") == []
    asked = allowed.simulate_post("/v1/login-codes", json={"email": "olga@kiosque.test"}).json["id"]
    Worker(db, tasks(db, allowing)).until_idle()
    code = re.search(r"^\d{6}$", mails("olga@kiosque.test")[0][1], re.MULTILINE)[0]

    answers = [
        each.simulate_post("/v1/sessions", json={"login_code": asked, "code": code})
        for each in (client, allowed)
    ]

    assert [answer.status_code for answer in answers] == [401, 201]


def test_a_code_to_other_staff_is_left_out_of_what_an_owner_reads(db, settings, client_as):
    with db.write() as tx:
        make_login(tx, email="olga@kiosque.test", role="editor")
        rules.ask(tx, email="olga@kiosque.test", language="en")
    Worker(db, tasks(db, replace(settings, staff_codes="on"))).until_idle()
    owner = client_as("owner")
    (mail,) = owner.simulate_get("/v1/mails").json["data"]

    shown = owner.simulate_get(f"/v1/mails/{mail['id']}").json

    assert "…" in shown["text"]
    assert not re.search(r"\d{6}", shown["text"] + shown["subject"])


def test_known_and_unknown_addresses_are_alike_in_bytes_and_statements(db, ada, ask, enter, mails):
    with db.write() as tx:
        make_login(tx, email="eve@kiosque.test", status="suspended")
        make_login(tx, email="olga@kiosque.test", role="owner")
    shapes, refusals, statements = [], [], []
    for name in ("nobody", "ada", "eve", "olga"):
        run = []
        listen = lambda *arguments, run=run: run.append(arguments[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        asked = ask(f"{name}@kiosque.test")
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        mails(f"{name}@kiosque.test")
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        refusals += [enter(asked.json["id"], "000000") for _ in range(6)]
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        statements.append(run)
        shapes.append((asked.status_code, len(asked.content)))
    refusals.append(enter("lgc_unknown", "000000"))

    assert set(shapes) == {(202, len(asked.content))}
    assert {answer.status_code for answer in refusals} == {401}
    assert len({answer.content for answer in refusals}) == 1
    assert statements[1:] == statements[:1] * 3


def test_failed_logins_do_not_delay_a_login_by_code(ada, login, ask, code_in, enter):
    for _ in range(6):
        login(password="wrong-lantern-42")

    assert enter(ask().json["id"], code_in()).status_code == 201


@pytest.mark.parametrize(("email", "status"), [("ghost@kiosque.test", 204), ("ada@kiosque.test", 403)])
def test_an_account_without_a_password_confirms_its_session_by_a_code_of_its_own(
    db, ada, signed_in, ask, code_in, clock, email, status
):
    with db.write() as tx:
        me = signed_in(sign_in(tx, make_account(tx, email="ghost@kiosque.test")))
    clock.advance(minutes=11)
    body = {"login_code": ask(email).json["id"], "code": code_in(email)}

    answer = me.simulate_put("/v1/sessions/current/confirmation", json=body)

    assert answer.status_code == status
    made = me.simulate_post("/v1/api-keys", json={"name": "x", "scopes": []})
    assert made.status_code == (201 if status == 204 else 403)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"login_code": "lgc_1"}, "/code"),
        ({"login_code": "lgc_1", "code": "12345"}, "/code"),
        ({"login_code": "lgc_1", "code": "123456", "email": "ada@kiosque.test"}, "/email"),
    ],
)
def test_what_is_wrong_with_a_login_by_code_is_named(client, body, pointer):
    answer = client.simulate_post("/v1/sessions", json=body)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_codes_that_have_expired_are_deleted(db, clock, ask):
    ask()
    clock.advance(minutes=10)

    with db.write() as tx:
        assert rules.sweep(tx, most=9) == 1

    with db.read() as tx:
        assert tx.rows(login_codes.select()) == []
