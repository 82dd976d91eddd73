"""Changing one's e-mail address: the new mailbox confirms it, and the old one can undo it."""

from __future__ import annotations

import pytest

from api.accounts.mail_tokens.tables import mail_tokens
from tests.factories import PASSWORD, make_login
from tests.nouns import Noun

OLD, NEW = "ada@kiosque.test", "countess@kiosque.test"

NOUN = Noun(
    roles="""
    POST   /v1/email-restorations                 -                410 410 410 410 410 410 410 410
    """,
    bodies={("POST", "/v1/email-restorations"): {"token": "x" * 43}},
)


@pytest.fixture
def me(ada, login, signed_in):
    return signed_in(login().json["token"])


@pytest.fixture
def change(me):
    def attempt(email=NEW, **others):
        return me.simulate_patch("/v1/me", json={"email": email, "current_password": PASSWORD, **others})

    return attempt


@pytest.fixture
def confirm(client):
    return lambda token: client.simulate_post("/v1/email-confirmations", json={"token": token})


@pytest.fixture
def restore(client):
    return lambda token: client.simulate_post("/v1/email-restorations", json={"token": token})


def test_another_address_waits_until_its_mailbox_confirms_it(me, login, change, confirm, token_in):
    answer = change(name="Countess")

    shown = answer.json
    assert answer.status_code == 202
    assert (shown["email"], shown["pending_email"], shown["name"]) == (OLD, NEW, "Countess")
    assert me.simulate_get("/v1/me").json == shown
    assert confirm(token_in("verify", NEW)).status_code == 204
    after = me.simulate_get("/v1/me").json
    assert (after["email"], after["pending_email"]) == (NEW, None)
    assert after["email_verified_at"] is not None
    assert [login(email).status_code for email in (OLD, NEW)] == [401, 201]


def test_a_mail_to_the_address_of_another_says_so(db, me, change, mails):
    with db.write() as tx:
        make_login(tx, email="eve@kiosque.test")

    change("eve@kiosque.test")

    assert [kind for kind, _ in mails("eve@kiosque.test")] == ["sign-up-taken"]


def test_an_address_that_somebody_took_meanwhile_confirms_nothing(db, me, change, confirm, token_in):
    change()
    token = token_in("verify", NEW)
    with db.write() as tx:
        make_login(tx, email=NEW)

    assert confirm(token).json["code"] == "link-spent"
    assert me.simulate_get("/v1/me").json["email"] == OLD


@pytest.mark.parametrize("email", [OLD, "lovelace@kiosque.test"])
def test_a_change_that_was_withdrawn_or_replaced_is_not_confirmed(change, confirm, token_in, email):
    change()
    token = token_in("verify", NEW)

    change(email)

    assert confirm(token).status_code == 410


def test_the_address_before_is_put_back_which_ends_all_access_and_mails_a_reset(
    me, login, signed_in, change, confirm, restore, token_in, mails
):
    change()
    confirm(token_in("verify", NEW))
    thief = signed_in(login(NEW).json["token"])
    key = signed_in(
        me.simulate_post("/v1/api-keys", json={"name": "x", "scopes": ["me:read"]}).json["secret"]
    )
    thief.simulate_patch("/v1/me", json={"email": "third@kiosque.test", "current_password": PASSWORD})
    third = token_in("verify", "third@kiosque.test")

    answer = restore(token_in("email-changed"))

    assert (answer.status_code, answer.content) == (204, b"")
    assert [each.simulate_get("/v1/me").status_code for each in (me, thief, key)] == [401] * 3
    assert confirm(third).status_code == 410
    assert [kind for kind, _ in mails()] == ["email-changed", "reset"]
    assert login().json["account"]["pending_email"] is None


def test_the_address_is_put_back_however_often_it_was_changed_since(
    client, login, signed_in, change, confirm, restore, token_in
):
    change()
    confirm(token_in("verify", NEW))
    thief = signed_in(login(NEW).json["token"])
    thief.simulate_patch("/v1/me", json={"email": "third@kiosque.test", "current_password": PASSWORD})
    confirm(token_in("verify", "third@kiosque.test"))
    theirs = token_in("email-changed", NEW)

    assert restore(token_in("email-changed")).status_code == 204
    assert restore(theirs).status_code == 410
    assert login().json["account"]["email"] == OLD


def test_it_is_put_back_once_and_for_seven_days(change, confirm, restore, token_in, clock):
    change()
    confirm(token_in("verify", NEW))
    token = token_in("email-changed")
    clock.advance(days=7)

    assert restore(token).status_code == 410


@pytest.mark.parametrize(("days", "status"), [(6, 409), (8, 201)])
def test_nobody_else_can_have_the_address_meanwhile(client, change, confirm, token_in, clock, days, status):
    change()
    confirm(token_in("verify", NEW))
    clock.advance(days=days)

    answer = client.simulate_post("/v1/accounts", json={"email": OLD, "password": PASSWORD, "name": "Eve"})

    assert answer.status_code == status


def test_a_new_password_does_not_end_the_way_back(me, change, confirm, restore, token_in):
    change()
    confirm(token_in("verify", NEW))
    token = token_in("email-changed")

    me.simulate_put("/v1/me/password", json={"current": PASSWORD, "new": "violet-harbour-93"})

    assert restore(token).status_code == 204


def test_a_change_counts_as_a_mail_to_its_address(change, clock):
    assert [change().status_code for _ in range(4)] == [202] * 3 + [429]


def test_an_erased_account_reserves_nothing(db, me, change, confirm, token_in):
    change()
    confirm(token_in("verify", NEW))

    assert me.simulate_delete("/v1/me").status_code == 204

    with db.read() as tx:
        assert tx.rows(mail_tokens.select()) == []
