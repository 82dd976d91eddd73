"""Erasure: access, name and e-mail are gone everywhere, and what others rely on stays."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.__main__ import main
from api.events.tables import events
from api.personal_data import commands
from api.shop.variants.tables import variants
from tests.factories import (
    PASSWORD,
    fulfil,
    make_article,
    make_comment,
    make_item,
    make_order,
    pay,
)
from tests.nouns import Noun
from tests.personal_data.somebody import EMAIL, NAME, everything

NOUN = Noun(
    roles="""
DELETE /v1/accounts/{account}                 own              401 401 403 403 403 403 204 403
DELETE /v1/accounts/{account}                 other            401 401 403 403 403 403 204 403
DELETE /v1/me                                 -                401 401 204 204 204 204 204 403
""",
)


def by_themselves(them, owner, person, db) -> int:
    return them.simulate_delete("/v1/me").status_code


def by_an_owner(them, owner, person, db) -> int:
    return owner.simulate_delete(f"/v1/accounts/{person.id}").status_code


def at_the_shell(them, owner, person, db) -> int:
    commands.erase(db, email=person.email.upper())
    return 204


@pytest.mark.parametrize("erase", [by_themselves, by_an_owner, at_the_shell])
def test_nothing_says_any_more_who_somebody_was(db, client, staff, owner, person, them, erase):
    key = them.simulate_post("/v1/api-keys", json={"name": "ci", "scopes": ["me:read"]}).json["secret"]
    with db.write() as tx:
        article = make_article(tx, author=staff)
    path = f"/v1/articles/{article.id}/comments"
    them.simulate_post(path, json={"body": "Well."}, headers={"Idempotency-Key": "once"})
    assert NAME in client.simulate_get(path).text  # kept in the cache
    assert NAME in everything(db)

    status = erase(them, owner, person, db)

    shown = owner.simulate_get(f"/v1/accounts/{person.id}").json
    assert status == 204
    assert NAME not in everything(db)
    assert "zephyrine" not in everything(db).lower()
    assert (shown["email"], shown["name"]) == (None, "Deleted account")
    assert (shown["role"], shown["status"], shown["email_verified_at"]) == ("customer", "suspended", None)
    assert shown["erased_at"] is not None
    authors = [comment["author"] for comment in client.simulate_get(path).json["data"]]
    assert authors == [{"name": "Deleted account", "slug": None, "staff": False}]
    bearers = (them, TestClient(client.app, headers={"Authorization": f"Bearer {key}"}))
    assert [bearer.simulate_get("/v1/me").status_code for bearer in bearers] == [401, 401]


def test_events_about_somebody_hold_nothing_of_them_any_more(db, person):
    with db.write() as tx:
        event = {"id": "evt_1", "type": "account.created", "at": tx.now, "subject_kind": "account"}
        about = {
            "subject_id": person.id,
            "actor": "stranger",
            "about": person.id,
            "data": f'{{"name":"{NAME}"}}',
        }
        tx.run(sa.insert(events), **event, **about)

    commands.erase(db, email=EMAIL)

    assert NAME not in everything(db)


def test_an_erased_account_is_not_found_by_its_name_and_cannot_be_revived(client, owner, person, them):
    them.simulate_delete("/v1/me")
    path = f"/v1/accounts/{person.id}"

    login = client.simulate_post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    found = [
        owner.simulate_get(f"/v1/accounts?{query}").json["data"]
        for query in ("q=zephyrine", f"email={EMAIL}")
    ]
    changes = [
        owner.simulate_patch(path, json=change)
        for change in ({"status": "active"}, {"role": "owner"}, {"name": "Eve"}, {})
    ]

    assert (login.status_code, login.json["code"]) == (401, "login-failed")
    assert found == [[], []]
    assert {(answer.status_code, answer.json["code"]) for answer in changes} == {(409, "account-erased")}
    assert owner.simulate_get(path).json["status"] == "suspended"


def test_the_e_mail_is_free_for_another_account_which_sees_nothing_of_it(db, client, person, them, staff):
    with db.write() as tx:
        make_item(tx, price=1000)
        order = make_order(tx, person, ("mug", 1))
        pay(tx, order, 1000, actor=staff)
    them.simulate_delete("/v1/me")

    again = client.simulate_post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD, "name": "New"})
    token = client.simulate_post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD}).json["token"]
    new = TestClient(client.app, headers={"Authorization": f"Bearer {token}"})

    assert again.status_code == 201
    assert again.json["id"] != person.id
    assert new.simulate_get("/v1/me/orders").json["data"] == []
    assert new.simulate_get(f"/v1/orders/{order.id}").status_code == 404


def test_an_erasure_is_done_once(owner, person, them):
    path = f"/v1/accounts/{person.id}"
    first = owner.simulate_delete(path)
    once = owner.simulate_get(path)

    again = owner.simulate_delete(path)

    assert (first.status_code, again.status_code) == (204, 204)
    assert owner.simulate_get(path).content == once.content
    assert them.simulate_delete("/v1/me").status_code == 401


def test_bylines_stay_and_lead_to_nobody(db, client, person, them, staff):
    with db.write() as tx:
        article = make_article(tx, author=person)
        comment = make_comment(tx, article, author=person)
    path = f"/v1/articles/{article.id}"
    before = client.simulate_get(path).json["authors"]

    them.simulate_delete("/v1/me")

    assert client.simulate_get(path).json["authors"] == before == [{"name": NAME, "slug": "zephyrine-quill"}]
    shown = client.simulate_get(f"{path}/comments").json["data"]
    assert [(one["id"], one["author"]["slug"]) for one in shown] == [(comment.id, None)]


def test_what_is_paid_or_sent_stays_and_what_is_neither_is_cancelled(db, owner, person, them, staff):
    with db.write() as tx:
        make_item(tx, price=1000, stock=10)
        unpaid, paid, part, sent = (make_order(tx, person, ("mug", 1)) for _ in range(4))
        pay(tx, paid, 1000, actor=staff)
        pay(tx, part, 400, actor=staff)
        fulfil(tx, sent, actor=staff)

    them.simulate_delete("/v1/me")

    shown = [owner.simulate_get(f"/v1/orders/{order.id}").json for order in (unpaid, paid, part, sent)]
    assert [order["order_status"] for order in shown] == ["cancelled", "open", "open", "open"]
    assert {order["buyer"]["email"] for order in shown} == {EMAIL}
    assert {order["buyer"]["account"] for order in shown} == {person.id}
    last = shown[0]["events"][-1]
    assert (last["kind"], last["by"], last["note"]) == ("cancelled", "buyer", "The account was deleted.")
    with db.read() as tx:
        assert tx.value(sa.select(variants.c.available)) == 7
        about = [row.data for row in tx.rows(sa.select(events.c.data)) if row.data and EMAIL in row.data]
    assert about == []


def test_the_shell_erases_by_e_mail(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("KIOSQUE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))

    for command in (f"add {EMAIL} --password-stdin", f"erase {EMAIL}", "list"):
        monkeypatch.setattr("sys.argv", ["kiosque", "account", *command.split()])
        main()

    assert capsys.readouterr().out.splitlines()[1:] == [
        f"Erased {EMAIL}.",
        "–  customer  suspended  Deleted account",
    ]
