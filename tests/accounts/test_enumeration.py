"""Nobody learns who has an account: the same bytes by the same statements for every address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from falcon.testing import Result, TestClient

from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.profiles import administration, registration
from api.accounts.profiles.queries import find_login
from api.accounts.second_factors import queries as second_factors
from api.accounts.verification import rules as verification
from api.app import create_app
from api.mail.tables import mail_texts
from api.storage import Database, Prepared
from tests.factories import CHEAP_HASHER, PASSWORD, make_account, make_login, sign_in

WRONG = "wrong-lantern-42"

PEOPLE = {
    "nobody": "no account has the address",
    "ada": "a customer",
    "olga": "an owner",
    "fay": "a customer with a second factor",
    "eve": "suspended",
    "ghost": "imported, without a password",
    "new": "signed up, and has not confirmed the address yet",
    "former": "of an account that has another address by now, and may have this one back",
    "erased": "of an account that was erased",
}
FLOWS: dict[str, tuple[str, dict[str, str]]] = {
    "sign-up": ("/v1/accounts", {"password": WRONG, "name": "Somebody"}),
    "reset": ("/v1/password-resets", {}),
    "login code": ("/v1/login-codes", {}),
    "login": ("/v1/sessions", {"password": WRONG}),
}


def address_of(person: str) -> str:
    return f"{person}@kiosque.test"


@pytest.fixture
def client(db, settings, clock) -> TestClient:
    return TestClient(create_app(replace(settings, sign_up="verified"), db, CHEAP_HASHER))


@pytest.fixture
def people(db) -> None:
    with db.write() as tx:
        make_login(tx, email=address_of("ada"))
        make_login(tx, email=address_of("olga"), role="owner")
        fay = make_login(tx, email=address_of("fay"))
        second_factors.insert_factor(
            tx, factor_id="fac_1", account_id=fay.id, secret=b"secret", code_hashes=[b"hash"]
        )
        second_factors.activate_factor(tx, factor_id="fac_1", step=0)
        make_login(tx, email=address_of("eve"), status="suspended")
        make_account(tx, email=address_of("ghost"))
        former = make_account(tx, email=address_of("former"))
        mail_tokens.promise(tx, former, mail_id="mail_1", days=7)
        administration.erase(tx, make_login(tx, email=address_of("erased")), actor="buyer")
    with db.write() as tx:
        tx.run(sa.text("UPDATE accounts SET email_key = 'x@y' WHERE id = :id"), id=former.id)
        hashed = CHEAP_HASHER.hash(PASSWORD)
        registration.apply(tx, email=address_of("new"), name="New", password_hash=hashed, language="en")


@pytest.fixture
def statements(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All that the database is asked from now on, by SQLAlchemy or prepared."""
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    def noted(run: Callable[..., Any]) -> Callable[..., Any]:
        def run_noted(prepared: Prepared, *arguments: Any) -> Any:
            asked.append(f"{run.__name__} of the prepared statement {id(prepared)}")
            return run(prepared, *arguments)

        return run_noted

    sa.event.listen(db.engine, "before_cursor_execute", note)
    for name in ("rows", "run", "run_many"):
        monkeypatch.setattr(Prepared, name, noted(getattr(Prepared, name)))
    yield asked
    sa.event.remove(db.engine, "before_cursor_execute", note)


def shown(answer: Result) -> tuple[Any, ...]:
    """An answer without what is different each time."""
    return (
        answer.status_code,
        re.sub(r"\blgc_\w{26}\b", "lgc_…", answer.text),
        {name: value for name, value in answer.headers.items() if name.lower() != "date"},
    )


@pytest.mark.parametrize("flow", FLOWS)
def test_an_address_is_answered_alike_by_the_same_statements_whoever_has_it(
    db, client, people, statements, flow
):
    path, fields = FLOWS[flow]
    answers: dict[str, list[Any]] = {}
    asked: dict[str, list[list[str]]] = {}
    for number, person in enumerate(PEOPLE):
        answers[person], asked[person] = [], []
        for _ in range(4):
            statements.clear()
            answer = client.simulate_post(
                path,
                json={"email": address_of(person), **fields},
                headers={"X-Request-ID": "same"},
                remote_addr=f"198.51.{number}.7",
            )
            answers[person].append(shown(answer))
            asked[person].append(list(statements))

    assert len(asked["nobody"][0]) > 1
    for person in PEOPLE:
        assert (person, answers[person]) == (person, answers["nobody"])
        assert (person, asked[person]) == (person, asked["nobody"])
    with db.read() as tx:  # mails are written after the answer
        assert tx.rows(mail_texts.select()) == []


def test_another_address_for_an_account_is_answered_alike_whoever_has_it(db, client, people, statements):
    answers, asked = [], []
    for number, person in enumerate(PEOPLE):
        with db.write() as tx:
            token = sign_in(tx, make_login(tx, email=f"me{number}@kiosque.test", name="Eve"))
        body = {"email": address_of(person), "current_password": PASSWORD}
        statements.clear()
        answer = client.simulate_patch(
            "/v1/me", json=body, headers={"Authorization": f"Bearer {token}", "X-Request-ID": "same"}
        )
        answers.append(answer.json | {"id": "", "email": "", "pending_email": ""})
        asked.append(list(statements))
        assert (answer.status_code, answer.json["pending_email"]) == (202, address_of(person))

    assert answers[1:] == answers[:1] * (len(PEOPLE) - 1)
    assert asked[1:] == asked[:1] * (len(PEOPLE) - 1)


def test_a_mail_to_confirm_an_address_is_asked_for_alike_once_it_is_confirmed(db, client, people, statements):
    with db.write() as tx:
        token = sign_in(tx, find_login(tx, email_key=address_of("ada")).account)
    asking = {"Authorization": f"Bearer {token}", "X-Request-ID": "same"}
    answers, asked = [], []
    for _ in range(2):
        statements.clear()
        answers.append(shown(client.simulate_post("/v1/me/email-verifications", headers=asking)))
        asked.append(list(statements))
        with db.write() as tx:
            verification.verified(tx, find_login(tx, email_key=address_of("ada")).account)

    assert answers[0] == answers[1]
    assert asked[0] == asked[1]
