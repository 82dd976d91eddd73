"""Forgotten passwords: a link by mail, and nothing that tells a stranger who has an account."""

from __future__ import annotations

import pytest

from tests.factories import PASSWORD, make_account, make_login
from tests.nouns import Noun

NEW = "violet-harbour-93"

NOUN = Noun(
    roles="""
    POST   /v1/password-resets                    -                202 202 202 202 202 202 202 202
    POST   /v1/password-changes                   -                410 410 410 410 410 410 410 410
    """,
    bodies={
        ("POST", "/v1/password-resets"): {"email": "nobody@people.test"},
        ("POST", "/v1/password-changes"): {"token": "x" * 43, "password": NEW},
    },
)


@pytest.fixture
def ask(client):
    def attempt(email="ada@kiosque.test", **others):
        return client.simulate_post("/v1/password-resets", json={"email": email}, **others)

    return attempt


@pytest.fixture
def change(client):
    def attempt(token, password=NEW):
        return client.simulate_post("/v1/password-changes", json={"token": token, "password": password})

    return attempt


def test_a_link_by_mail_leads_to_a_new_password_and_ends_all_access(
    ada, login, signed_in, ask, change, token_in
):
    me = signed_in(login().json["token"])
    key = signed_in(
        me.simulate_post("/v1/api-keys", json={"name": "ci", "scopes": ["me:read"]}).json["secret"]
    )
    ask()

    answer = change(token_in("reset"))

    assert (answer.status_code, answer.content) == (204, b"")
    assert [each.simulate_get("/v1/me").status_code for each in (me, key)] == [401, 401]
    assert [login(password=each).status_code for each in (PASSWORD, NEW)] == [401, 201]
    assert login(password=NEW).json["account"]["email_verified_at"] is not None


def test_a_reset_withdraws_a_change_of_the_address_that_waits(
    ada, client, login, signed_in, ask, change, token_in
):
    me = signed_in(login().json["token"])
    me.simulate_patch("/v1/me", json={"email": "eve@kiosque.test", "current_password": PASSWORD})
    link = token_in("verify", "eve@kiosque.test")
    ask()

    change(token_in("reset"))

    assert client.simulate_post("/v1/email-confirmations", json={"token": link}).status_code == 410
    account = login(password=NEW).json["account"]
    assert (account["email"], account["pending_email"]) == ("ada@kiosque.test", None)


def test_the_owner_of_the_account_gets_a_notice(ada, ask, change, token_in, mails):
    ask()
    change(token_in("reset"))

    assert [kind for kind, _ in mails()] == ["reset", "password-changed"]


def test_a_link_works_once_and_for_30_minutes(ada, ask, change, token_in, clock):
    ask()
    late = token_in("reset")
    clock.advance(minutes=30)
    assert change(late).json["code"] == "link-spent"
    ask()
    token = token_in("reset")

    assert [change(token).status_code for _ in range(2)] == [204, 410]


def test_a_weak_password_does_not_spend_the_link(ada, ask, change, token_in):
    ask()
    token = token_in("reset")

    refused = change(token, "ada@kiosque.test")

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/password")
    assert change(token).status_code == 204


def test_a_link_to_confirm_the_address_changes_no_password(
    client, ada, ask, change, token_in, login, signed_in
):
    signed_in(login().json["token"]).simulate_post("/v1/me/email-verifications")

    assert change(token_in("verify")).status_code == 410


def test_an_unknown_address_and_a_suspended_account_get_no_mail(db, ask, mails):
    with db.write() as tx:
        make_login(tx, email="eve@kiosque.test", status="suspended")
    for name in ("nobody", "eve"):
        ask(f"{name}@kiosque.test")

    assert [mails(f"{name}@kiosque.test") for name in ("nobody", "eve")] == [[], []]


def test_the_mail_goes_to_the_address_of_the_account_however_it_was_spelled(ada, ask, mails):
    ask("ADA@KIOSQUE.test")

    assert mails("ADA@KIOSQUE.test") == []
    assert [kind for kind, _ in mails("ada@kiosque.test")] == ["reset"]


def test_an_account_without_a_password_sets_one(db, login, ask, change, token_in):
    with db.write() as tx:
        make_account(tx, email="ghost@kiosque.test")
    ask("ghost@kiosque.test")

    assert change(token_in("reset", "ghost@kiosque.test")).status_code == 204
    assert login("ghost@kiosque.test", NEW).status_code == 201


@pytest.mark.parametrize("email", ["ada@kiosque.test", "nobody@kiosque.test"])
def test_three_mails_an_hour_go_to_an_address_and_twenty_come_from_a_network(ada, ask, clock, email):
    to_address = [ask(email).status_code for _ in range(4)]
    clock.advance(hours=1)
    from_network = [ask(f"person{number}@kiosque.test").status_code for number in range(21)]

    assert to_address == [202] * 3 + [429]
    assert from_network == [202] * 20 + [429]


def test_guesses_at_the_old_password_do_not_keep_anyone_from_logging_in_with_the_new_one(
    ada, login, ask, change, token_in
):
    for _ in range(6):
        login(password="wrong-lantern-42")
    ask()

    change(token_in("reset"))

    assert login(password=NEW).status_code == 201


def test_a_change_of_ones_own_password_sends_a_notice(ada, login, signed_in, mails):
    me = signed_in(login().json["token"])

    me.simulate_put("/v1/me/password", json={"current": PASSWORD, "new": NEW})

    assert [kind for kind, _ in mails()] == ["password-changed"]
