"""Accounts as an operator changes them from the shell."""

from __future__ import annotations

import json

import pytest

from api.accounts import commands
from api.accounts.profiles.administration import LastOwner
from api.accounts.profiles.registration import EmailTaken
from api.accounts.weak_passwords import WeakPassword
from api.errors import DomainError, NotFound
from api.personal_data import commands as personal_data
from api.web.logs import JsonFormatter
from tests.factories import CHEAP_HASHER, PASSWORD

NEW = "violet-harbour-93"


def test_an_operator_makes_the_first_owner(db, login):
    account = commands.add(db, CHEAP_HASHER, email="grace@kiosque.test", role="owner", password=PASSWORD)

    assert (account.role, account.name) == ("owner", "grace")
    assert login("grace@kiosque.test").json["account"]["role"] == "owner"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "ADA@kiosque.test"}, "email-taken"),
        ({"email": "ada"}, "invalid-format"),
        ({"role": "king"}, "invalid-format"),
        ({"password": "short"}, "too-short"),
        ({"password": "password1234"}, "weak-password"),
        ({"password": ""}, "too-short"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(db, ada, changes, code):
    fields = {"email": "grace@kiosque.test", "role": "owner", "password": PASSWORD, **changes}

    with pytest.raises(DomainError) as refused:
        commands.add(db, CHEAP_HASHER, **fields)

    assert refused.value.code == code
    assert EmailTaken.code == "email-taken"


def test_a_new_password_ends_all_that_was_begun_and_lifts_the_brake(db, ada, login, signed_in):
    me = signed_in(login().json["token"])
    me.simulate_patch("/v1/me", json={"email": "eve@kiosque.test", "current_password": PASSWORD})
    for _ in range(6):
        login(password=NEW)

    commands.set_password(db, CHEAP_HASHER, email="Ada@kiosque.test", password=NEW)

    assert me.simulate_get("/v1/me").status_code == 401
    answer = login(password=NEW)
    assert (answer.status_code, answer.json["account"]["pending_email"]) == (201, None)


def test_a_password_for_nobody_or_a_weak_one_is_refused(db, ada, login):
    with pytest.raises(NotFound):
        commands.set_password(db, CHEAP_HASHER, email="eve@kiosque.test", password=NEW)
    with pytest.raises(WeakPassword):
        commands.set_password(db, CHEAP_HASHER, email=ada.email, password="administrator")

    assert login().status_code == 201


def test_a_role_from_the_shell_holds_at_once_and_the_last_owner_stays(db, ada, login, signed_in):
    me = signed_in(login().json["token"])

    account = commands.set_role(db, email="ADA@kiosque.test", role="owner")

    assert account.role == me.simulate_get("/v1/me").json["role"] == "owner"
    with pytest.raises(LastOwner):
        commands.set_role(db, email="ada@kiosque.test", role="editor")
    with pytest.raises(NotFound):
        commands.set_role(db, email="nobody@kiosque.test", role="editor")


def test_the_shell_lists_every_account(db, ada, monkeypatch):
    monkeypatch.setattr(commands, "READ_AT_ONCE", 2)
    others = [
        commands.add(db, CHEAP_HASHER, email=f"p{number}@kiosque.test", role="author", password=PASSWORD)
        for number in range(4)
    ]

    assert list(commands.every(db)) == [*reversed(others), ada]


def test_each_change_at_the_shell_is_one_line_in_the_security_log_and_names_nobody(db, ada, caplog):
    caplog.set_level("INFO", "kiosque.security")
    make = {"email": "grace@kiosque.test", "role": "owner", "password": PASSWORD, "name": "Grace"}
    grace = commands.add(db, CHEAP_HASHER, **make)
    commands.set_role(db, email=ada.email, role="editor")
    commands.set_password(db, CHEAP_HASHER, email=ada.email, password=NEW)
    personal_data.erase(db, email=ada.email)

    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]

    assert [(line["message"], line["path"], line["subject"]) for line in lines] == [
        ("sign-up", "kiosque account add", grace.id),
        ("account-changed", "kiosque account role", ada.id),
        ("password-changed", "kiosque account password", ada.id),
        ("account-erased", "kiosque account erase", ada.id),
    ]
    assert {"request_id", "client", "account"} <= lines[0].keys()
    assert [word for word in ("@", "Grace", "Ada", PASSWORD, NEW) if word in str(lines)] == []
