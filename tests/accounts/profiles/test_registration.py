"""Signing up, and how e-mails are compared."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from falcon.testing import Result, TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.profiles import emails
from api.app import create_app
from tests.factories import CHEAP_HASHER, PASSWORD

ADA = {"email": "Ada.Lovelace@Kiosque.test", "password": PASSWORD, "name": "Ada"}


def test_sign_up_makes_a_customer_and_shows_the_e_mail_as_it_was_sent(client):
    answer = client.simulate_post("/v1/accounts", json=ADA)

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/accounts/{answer.json['id']}"
    assert answer.json == {
        "id": answer.json["id"],
        "email": "Ada.Lovelace@Kiosque.test",
        "email_verified_at": None,
        "pending_email": None,
        "name": "Ada",
        "language": "en",
        "role": "customer",
        "status": "active",
        "created_at": answer.json["created_at"],
        "version": 1,
        "erased_at": None,
    }


def test_an_expired_token_does_not_keep_anyone_from_signing_up(client):
    answer = client.simulate_post("/v1/accounts", json=ADA, headers={"Authorization": "Bearer gone"})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "email",
    [
        "ada.lovelace@kiosque.test",
        "ADA.LOVELACE@KIOSQUE.TEST",
        "ａｄａ.lovelace@kiosque.test",
        "ada.lovelace@KIOSQUE.ｔest",
    ],
)
def test_another_spelling_of_an_e_mail_is_taken(client, email):
    client.simulate_post("/v1/accounts", json=ADA)

    answer = client.simulate_post("/v1/accounts", json={**ADA, "email": email})

    assert answer.status_code == 409
    assert answer.json["code"] == "email-taken"
    assert answer.json["errors"][0]["pointer"] == "/email"


def test_a_domain_and_its_punycode_are_one():
    assert emails.key_of("ada@Bücher.test") == emails.key_of("ada@xn--bcher-kva.test")
    assert emails.key_of("ada@buecher.test") != emails.key_of("ada@bücher.test")


def test_a_sharp_s_leads_where_it_leads_in_dns():
    assert emails.key_of("ada@faß.test") == emails.key_of("ada@xn--fa-hia.test")
    assert emails.key_of("ada@faß.test") != emails.key_of("ada@fass.test")


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_e_mail_has_a_key_and_case_does_not_matter_to_it(local, domain):
    assert emails.key_of(f"{local}@{domain}")
    assert emails.key_of(f"{local}@kiosque.test") == emails.key_of(f"{local.casefold()}@KIOSQUE.test")


@pytest.mark.parametrize(
    "email",
    [
        "o'brien+news@kiosque.test", "{a|b}=c~d@kiosque.test", "ж.日本@例え.test", "é.ñ@kiosque.test",
        "a@xn--bcher-kva.test", "a@a-b.test", "अ@kiosque.test", "x" * 64 + "@kiosque.test",
    ],
)  # fmt: skip
def test_a_dot_atom_of_any_script_is_an_e_mail(client, email):
    assert client.simulate_post("/v1/accounts", json={**ADA, "email": email}).status_code == 201


@pytest.mark.parametrize(
    "email",
    [
        "\u200bada@b.test", "ad\u00ada@b.test", "ad\u200da@b.test", "ad\u2060a@b.test", "ada\ufe0f@b.test",
        "\u202eada@b.test", "a,b@b.test", "<script>@b.test", "a:b@b.test", '"ada"@b.test', "a\\b@b.test",
        ".ada@b.test", "ada.@b.test", "a..b@b.test", "a＠c@b.test", "a☕@b.test", "a@[127.0.0.1]",
        "a@1.2.3.4", "a@-b.test", "a@b-.test", "x" * 65 + "@b.test", f"a@{'b' * 64}.test", "a@b_c.test",
        "a@b。test", "a@☕.test",
        "a@ad\u200ba.test", "a@xn--zzzzzz99999.test", "a@ab--cd.test", "a@\u0301b.test",
    ],
)  # fmt: skip
def test_what_cannot_be_a_mailbox_is_no_e_mail(client, email):
    answer = client.simulate_post("/v1/accounts", json={**ADA, "email": email})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-format")
    assert answer.json["errors"][0]["pointer"] == "/email"


@pytest.mark.parametrize(
    "name", ["\u200b", "\u2800", "\u115f\u3164", "\u202e\u202c", " \u00ad\ufeff ", "\U000e0041"]
)
def test_a_name_shows_something_and_hides_nothing(client, name):
    answers = [
        client.simulate_post("/v1/accounts", json={**ADA, "name": text}) for text in (name, f"{name}a")
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(422, "invalid-format")] * 2


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"role": "owner"}, "unknown-field", "/role"),
        ({"id": "acc_1"}, "unknown-field", "/id"),
        ({"email": "ada"}, "invalid-format", "/email"),
        ({"email": "ada@localhost"}, "invalid-format", "/email"),
        ({"email": "a@b@kiosque.test"}, "invalid-format", "/email"),
        ({"email": "a b@kiosque.test"}, "invalid-format", "/email"),
        ({"email": "a@kiosque..test"}, "invalid-format", "/email"),
        ({"email": "a@kiosque.test\n"}, "invalid-format", "/email"),
        ({"email": "a\0@kiosque.test"}, "invalid-characters", "/email"),
        ({"email": "a" * 243 + "@kiosque.test"}, "too-long", "/email"),
        ({"email": None}, "invalid-type", "/email"),
        ({"password": "x7!kQ2#mZ9p"}, "too-short", "/password"),
        ({"password": "x7!kQ2#mZ9pL" * 21 + "12345"}, "too-long", "/password"),
        ({"password": "paper\0lantern42"}, "invalid-characters", "/password"),
        ({"password": 123456789012}, "invalid-type", "/password"),
        ({"name": "  "}, "invalid-format", "/name"),
        ({"name": "x" * 201}, "too-long", "/name"),
        ({"password": "passwordpassword"}, "weak-password", "/password"),
        ({"password": "xX-ada.lovelace-42"}, "weak-password", "/password"),
    ],
)
def test_what_is_wrong_with_a_sign_up_is_named(client, changes, code, pointer):
    answer = client.simulate_post("/v1/accounts", json={**ADA, **changes})

    assert answer.status_code == 422
    assert answer.json["code"] == code
    assert answer.json["errors"][0]["pointer"] == pointer


def test_the_longest_e_mail_and_password_are_taken_whole(client, login):
    email = f"{'a' * 64}@{'.'.join(['b' * 63] * 2)}.{'c' * 48}.kiosque.test"
    password = "Zß漢🐧-p4nk-" * 25 + "tailss"
    client.simulate_post("/v1/accounts", json={"email": email, "password": password, "name": "A"})

    assert len(email) == 254
    assert len(password) == 256
    assert login(email, password).status_code == 201
    assert login(email, password[:-1] + "L").status_code == 401


def test_everything_wrong_is_listed_at_once(client):
    answer = client.simulate_post("/v1/accounts", json={"email": "x", "password": "y", "role": "owner"})

    assert {error["pointer"] for error in answer.json["errors"]} == {"/email", "/password", "/role", "/name"}


def sign_up(client: TestClient, number: int, address: str = "192.0.2.1") -> Result:
    body = {**ADA, "email": f"person{number}@kiosque.test"}
    return client.simulate_post("/v1/accounts", json=body, remote_addr=address)


def test_a_network_signs_up_ten_times_an_hour_and_sixty_a_day(client, clock):
    hours = []
    for hour in range(7):
        hours.append([sign_up(client, 100 * hour + number).status_code for number in range(11)])
        clock.advance(hours=1)

    assert hours == [[201] * 10 + [429]] * 6 + [[429] * 11]
    assert sign_up(client, 9_001).headers["Retry-After"] == str(17 * 3_600)
    assert sign_up(client, 9_002, "198.51.100.1").status_code == 201


def test_an_e_mail_that_is_taken_counts_as_a_sign_up_and_a_body_that_is_wrong_does_not(client, clock):
    for _ in range(10):
        sign_up(client, 1)
    wrong = [
        client.simulate_post("/v1/accounts", json={**ADA, **changes}, remote_addr="192.0.2.1").status_code
        for changes in ({"email": "x"}, {"password": "passwordpassword"})
    ]

    assert sign_up(client, 1).status_code == 429
    assert wrong == [422, 422]


@pytest.mark.parametrize(
    ("query", "headers", "body"),
    [
        ("", {}, msgspec.json.encode(ADA)),
        ("", {"Content-Type": "text/plain"}, b"{"),
        ("?x=1", {"Accept": "text/html"}, b"{}"),
        ("", {"Authorization": "Bearer x", "Content-Length": "9999999"}, None),
    ],
)
def test_where_sign_up_is_closed_nobody_signs_up_whatever_they_send(db, settings, query, headers, body):
    client = TestClient(create_app(replace(settings, sign_up="closed"), db, CHEAP_HASHER))

    answer = client.simulate_post(f"/v1/accounts{query}", headers=headers, body=body)

    assert (answer.status_code, answer.json["code"]) == (403, "sign-up-closed")
    assert client.simulate_get("/v1/accounts").status_code == 401
