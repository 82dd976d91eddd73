"""Confirming one's e-mail address, and the language of the mails about it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from falcon.testing import TestClient

from api.app import create_app
from tests.factories import CHEAP_HASHER, PASSWORD
from tests.nouns import Noun

ADA = {"email": "ada@kiosque.test", "password": PASSWORD, "name": "Ada"}
SPENT = {"token": "x" * 43}

NOUN = Noun(
    roles="""
    POST   /v1/me/email-verifications             -                401 401 202 202 202 202 202 403
    POST   /v1/email-confirmations                -                410 410 410 410 410 410 410 410
    """,
    bodies={("POST", "/v1/email-confirmations"): SPENT},
)


@pytest.fixture
def me(client, login, signed_in):
    client.simulate_post("/v1/accounts", json=ADA)
    return signed_in(login().json["token"])


def confirm(client, token):
    return client.simulate_post("/v1/email-confirmations", json={"token": token})


def test_signing_up_sends_a_link_that_verifies_the_address(client, me, token_in):
    token = token_in("verify")
    assert me.simulate_get("/v1/me").json["email_verified_at"] is None

    answer = confirm(client, token)

    assert (answer.status_code, answer.content) == (204, b"")
    assert me.simulate_get("/v1/me").json["email_verified_at"] is not None


def test_a_link_works_once_and_for_24_hours(client, me, token_in, clock):
    me.simulate_post("/v1/me/email-verifications")
    first = token_in("verify")
    clock.advance(hours=24)

    late = confirm(client, first)

    assert (late.status_code, late.json["code"]) == (410, "link-spent")
    me.simulate_post("/v1/me/email-verifications")
    second = token_in("verify")
    assert [confirm(client, second).status_code for _ in range(2)] == [204, 410]


def test_reading_a_link_spends_nothing(client, me, token_in):
    token = token_in("verify")

    client.simulate_get("/confirm/")
    client.simulate_get("/v1/email-confirmations")
    client.simulate_post("/v1/email-confirmations")

    assert confirm(client, token).status_code == 204


def test_an_address_that_is_verified_gets_no_further_mail(client, me, token_in, mails):
    confirm(client, token_in("verify"))

    answer = me.simulate_post("/v1/me/email-verifications")

    assert (answer.status_code, answer.json) == (202, {"status": "check-mail"})
    assert [kind for kind, _ in mails()] == ["verify"]


def test_three_mails_an_hour_go_to_an_address(me, clock):
    answers = [me.simulate_post("/v1/me/email-verifications").status_code for _ in range(4)]

    assert answers == [202] * 3 + [429]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ({}, "en"),
        ({"Accept-Language": "fr-CA, en;q=0.8"}, "fr"),
        ({"Accept-Language": "en;q=0.1,fr"}, "fr"),
        ({"Accept-Language": "de, fr;q=0, x;q=y"}, "en"),
    ],
)
def test_the_language_of_a_new_account_is_the_one_that_its_browser_prefers(
    db, settings, mails, header, language
):
    client = TestClient(create_app(replace(settings, languages=("en", "fr")), db, CHEAP_HASHER))

    answer = client.simulate_post("/v1/accounts", json=ADA, headers=header)

    assert answer.json["language"] == language
    assert ("Bonjour" in mails()[0][1]) == (language == "fr")


def test_mails_are_in_the_language_that_somebody_chooses(me, mails):
    answer = me.simulate_patch("/v1/me", json={"language": "fr"})
    me.simulate_post("/v1/me/email-verifications")

    assert answer.json["language"] == "fr"
    assert ["Bonjour" in text for _, text in mails()] == [False, True]
    assert me.simulate_patch("/v1/me", json={"language": "not one"}).status_code == 422
    assert me.simulate_patch("/v1/me", json={"language": None}).json["language"] is None
