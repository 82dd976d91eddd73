"""The first owner: one, by a link that works once, and only while there is none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from api.accounts.profiles.tables import accounts
from api.accounts.setup import commands, rules
from api.accounts.setup.tables import setup_links
from api.audit.tables import audit_events
from api.events.tables import events
from api.storage import Transaction
from tests.factories import PASSWORD, make_account
from tests.nouns import Noun

BODY = {"email": "ada@kiosque.test", "password": PASSWORD, "name": "Ada"}


def _fill(tx: Transaction, _owner: Any) -> None:
    tx.run(sa.insert(setup_links), id=1, token_hash=b"hash", expires_at=tx.now)


NOUN = Noun(
    roles="""
    POST   /v1/setup                              -                410 410 410 410 410 410 410 410
    """,
    bodies={("POST", "/v1/setup"): {"token": "x" * 43, **BODY}},
    breaking={"ck_setup_links_id": "UPDATE setup_links SET id = 2"},
    fill=_fill,
)


@pytest.fixture
def offer(db):
    def offered() -> str | None:
        with db.write() as tx:
            return rules.offer(tx)

    return offered


@pytest.fixture
def set_up(client):
    def attempt(token: str, **others: str) -> Any:
        return client.simulate_post("/v1/setup", json={"token": token, **BODY, **others})

    return attempt


@pytest.mark.usefixtures("clock")
def test_the_link_makes_an_owner_who_is_logged_in(db, offer, set_up, signed_in, login):
    answer = set_up(offer())

    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    assert answer.json.keys() == {"token", "expires_at", "account"}
    assert answer.json["account"]["role"] == "owner"
    assert signed_in(answer.json["token"]).simulate_get("/v1/accounts").status_code == 200
    assert login().status_code == 201
    with db.read() as tx:
        account = answer.json["account"]["id"]
        noted = {(row.kind, row.subject, row.account_id) for row in tx.rows(sa.select(audit_events))}
        happened = [(row.type, row.subject_id) for row in tx.rows(sa.select(events))]
    assert {("role", account, account), ("login", account, account)} <= noted
    assert happened == [("account.created", account)]


def test_the_link_works_once_and_for_30_minutes(clock, db, offer, set_up):
    late = offer()
    clock.advance(minutes=30)
    assert (set_up(late).status_code, set_up(late).json["code"]) == (410, "link-spent")
    token = offer()

    answers = [set_up(token, email=f"{name}@kiosque.test").status_code for name in ("ada", "eve")]

    assert answers == [201, 410]
    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(accounts)) == 1


def test_a_new_link_ends_the_one_before(clock, offer, set_up):
    before, after = offer(), offer()

    assert [set_up(token).status_code for token in (before, after)] == [410, 201]


def test_there_is_no_link_once_there_is_an_active_owner(clock, db, offer, set_up):
    token = offer()
    with db.write() as tx:
        make_account(tx, role="owner")

    assert set_up(token).status_code == 410
    assert offer() is None


def test_an_owner_who_is_suspended_is_none(clock, db, offer, set_up):
    with db.write() as tx:
        make_account(tx, role="owner", status="suspended")

    assert set_up(offer()).status_code == 201


def test_of_many_who_use_the_link_at_once_one_becomes_the_owner(clock, db, offer):
    token = offer()

    def use(number: int) -> str:
        try:
            with db.write() as tx:
                return rules.make_owner(
                    tx, token=token, email=f"p{number}@k.test", name="P", password_hash="!", language="en"
                ).role
        except rules.LinkSpent as error:
            return error.code

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(use, range(8)))

    assert outcomes == ["link-spent"] * 7 + ["owner"]


@pytest.mark.parametrize(
    ("others", "status", "pointer"),
    [
        ({"password": "short"}, 422, "/password"),
        ({"password": "ada@kiosque.test"}, 422, "/password"),
        ({"email": "taken@kiosque.test"}, 409, "/email"),
        ({"email": "ada@localhost"}, 422, "/email"),
    ],
)
def test_a_refused_body_does_not_spend_the_link(clock, db, offer, set_up, others, status, pointer):
    with db.write() as tx:
        make_account(tx, email="taken@kiosque.test")
    token = offer()

    refused = set_up(token, **others)

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (status, pointer)
    assert set_up(token).status_code == 201


def test_ten_wrong_tokens_in_a_quarter_of_an_hour_are_all(clock, offer, set_up):
    token = offer()

    answers = [set_up("x" * 43).status_code for _ in range(11)] + [set_up(token).status_code]
    clock.advance(minutes=15)

    assert answers == [410] * 10 + [429, 429]
    assert set_up(token).status_code == 201


def test_only_a_hash_of_the_token_is_stored(clock, db, offer):
    token = offer()

    with db.read() as tx:
        row = tx.row(sa.select(setup_links))
    assert row is not None
    assert token.encode() not in row.token_hash


@pytest.mark.only_on("sqlite")
def test_the_server_says_where_to_become_the_owner(db, settings):
    on_the_site, apart, off = (
        settings,
        replace(settings, admin_url="https://office.test"),
        replace(settings, admin="off"),
    )

    with db.write() as tx:
        said = [commands.advise(tx, each) or "" for each in (on_the_site, apart, off)]
        left = tx.rows(sa.select(setup_links))
        make_account(tx, role="owner")
        later = [commands.advise(tx, each) for each in (on_the_site, off)]

    assert "within 30 minutes: https://kiosque.test/admin/#setup=" in said[0]
    assert "https://office.test/admin/#setup=" in said[1]
    assert said[2].endswith(commands.COMMAND)
    assert left == []
    assert later == [None, None]
