"""Tokens in mails: each for one purpose, one account and one address, for a time, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.accounts.mail_tokens import rules
from api.accounts.mail_tokens.tables import mail_tokens
from api.accounts.profiles import queries
from api.accounts.profiles.records import Login
from api.storage import Transaction
from tests.factories import make_login
from tests.nouns import Noun

MAIL = "mail_01k9zq3v8r5m2x7c4b6n8p0qwe"


def _fill(tx: Transaction, owner: Any) -> None:
    rules.issue(tx, queries.lock_login(tx, account_id=owner.id), mail_id=MAIL, purpose="reset", minutes=30)


NOUN = Noun(
    breaking={"ck_mail_tokens_purpose": "UPDATE mail_tokens SET purpose = 'party'"},
    fill=_fill,
)


@pytest.fixture
def issue(db, ada):
    def make(purpose="reset", mail_id=MAIL) -> str:
        with db.write() as tx:
            login = queries.lock_login(tx, account_id=ada.id)
            return rules.issue(tx, login, mail_id=mail_id, purpose=purpose, minutes=30)

    return make


@pytest.fixture
def spend(db):
    def attempt(token: str, purpose="reset") -> bool:
        try:
            with db.write() as tx:
                rules.spend(tx, token=token, purposes=(purpose,))
        except rules.LinkSpent:
            return False
        return True

    return attempt


def test_a_token_works_once(issue, spend):
    token = issue()

    assert [spend(token), spend(token)] == [True, False]


def test_of_twenty_who_use_it_at_once_one_succeeds(db, issue, spend):
    token = issue()

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(lambda _: db.attempt(lambda: spend(token)), range(20)))

    assert outcomes.count(True) == 1


def test_a_token_has_256_bits_and_is_stored_as_its_hash(db, issue):
    token = issue()

    with db.read() as tx:
        (row,) = tx.rows(mail_tokens.select())
    assert len(token) == 43
    assert token not in str(row._mapping)


def test_a_token_works_for_its_time_and_for_its_purpose(clock, issue, spend):
    token = issue()
    assert not spend(token, "verify")
    clock.advance(minutes=30)

    assert not spend(token)


def test_another_attempt_at_the_mail_ends_the_token_of_the_one_before(issue, spend):
    first, second = issue(), issue()

    assert [spend(first), spend(second)] == [False, True]


@pytest.mark.parametrize("change", ["password", "address", "status"])
def test_a_token_ends_with_the_password_the_address_and_the_account(db, ada, issue, spend, change):
    token = issue()
    with db.write() as tx:
        changed = {"password": {}, "address": {"email": "ada@new.test"}, "status": {"status": "suspended"}}
        queries.update_account(tx, _replaced(ada, changed[change]))
        if change == "password":
            queries.update_password(tx, account_id=ada.id, password_hash="another")

    assert not spend(token)


def _replaced(account: Any, changes: dict[str, Any]) -> Any:
    return type(account)(**{name: getattr(account, name) for name in account.__struct_fields__} | changes)


def test_an_erased_account_has_no_tokens(db, ada, issue):
    issue()

    with db.write() as tx:
        rules.delete_all(tx, account_id=ada.id)

    with db.read() as tx:
        assert tx.rows(mail_tokens.select()) == []


def test_tokens_that_have_expired_are_deleted(db, clock, ada, issue):
    issue()
    with db.write() as tx:
        other = make_login(tx, email="eve@kiosque.test")
        rules.issue(tx, Login(other, "x"), mail_id="mail_2", purpose="verify", minutes=60)
    clock.advance(minutes=30)

    with db.write() as tx:
        assert rules.sweep(tx, most=9) == 1

    with db.read() as tx:
        assert [row.mail_id for row in tx.rows(mail_tokens.select())] == ["mail_2"]
