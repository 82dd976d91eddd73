"""Sign-up where an account works once its address is confirmed, and nobody learns who has one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.settings import Settings
from tests.factories import CHEAP_HASHER, PASSWORD

ADA = {"email": "ada@kiosque.test", "password": PASSWORD, "name": "Ada"}
OTHER = "violet-harbour-93"


@pytest.fixture
def client(db, settings: Settings) -> TestClient:
    return TestClient(create_app(replace(settings, sign_up="verified"), db, CHEAP_HASHER))


@pytest.fixture
def sign_up(client):
    def attempt(**others):
        return client.simulate_post("/v1/accounts", json=ADA | others, headers={"X-Request-ID": "same"})

    return attempt


def test_an_account_works_once_its_address_is_confirmed(client, sign_up, login, token_in):
    assert (sign_up().status_code, sign_up().json) == (202, {"status": "check-mail"})
    early, wrong = login(), login(password=OTHER)

    client.simulate_post("/v1/email-confirmations", json={"token": token_in("verify")})

    assert (early.status_code, early.json["code"]) == (403, "email-not-verified")
    assert wrong.status_code == 401
    account = login().json["account"]
    assert (account["pending_email"], account["email_verified_at"] is not None) == (None, True)


def test_whose_address_it_is_learns_of_the_second_sign_up_and_nothing_changes(
    client, sign_up, login, token_in, mails
):
    sign_up()
    sign_up(email="ADA@kiosque.test", password=OTHER, name="Eve")

    client.simulate_post("/v1/email-confirmations", json={"token": token_in("verify")})

    assert [kind for kind, _ in mails()] == ["verify", "sign-up-taken"]
    assert login(password=OTHER).status_code == 401
    assert login().json["account"]["name"] == "Ada"


def test_a_reset_confirms_the_address_too(client, sign_up, login, token_in):
    sign_up()
    client.simulate_post("/v1/password-resets", json={"email": ADA["email"]})

    client.simulate_post("/v1/password-changes", json={"token": token_in("reset"), "password": OTHER})

    assert login(password=OTHER).status_code == 201


def test_the_right_password_is_no_failed_login(sign_up, login, clock):
    sign_up()

    assert {login().status_code for _ in range(7)} == {403}


def test_accounts_of_the_operator_work_at_once(ada, login):
    assert login().status_code == 201


def test_three_sign_ups_an_hour_mail_an_address(sign_up, clock):
    assert [sign_up().status_code for _ in range(4)] == [202] * 3 + [429]
