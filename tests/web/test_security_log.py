"""The security log: one line for each event that an investigation would ask for, and no secret in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from falcon.testing import TestClient

from api.web import logs
from tests.factories import PASSWORD

ADA = {"email": "ada@kiosque.test", "password": PASSWORD}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture):
    """The lines of a logger so far, as they are written."""
    caplog.set_level("INFO", "kiosque")

    def of(logger: str) -> list[dict[str, Any]]:
        written = [json.loads(logs.JsonFormatter().format(record)) for record in caplog.records]
        return [line for line in written if line["logger"] == logger]

    return of


def sign_up(client: TestClient) -> TestClient:
    """Ada, logged in."""
    client.simulate_post("/v1/accounts", json=ADA | {"name": "Ada"})
    token = client.simulate_post("/v1/sessions", json=ADA).json["token"]
    return TestClient(client.app, headers={"Authorization": f"Bearer {token}"})


def test_what_somebody_does_with_an_account_is_one_line_each(client, lines):
    ada = sign_up(client)
    key = ada.simulate_post("/v1/api-keys", json={"name": "till", "scopes": ["me:read"]}).json
    ada.simulate_delete(f"/v1/api-keys/{key['id']}")
    client.simulate_post("/v1/sessions", json=ADA | {"password": "not-the-password"})
    ada.simulate_put("/v1/me/password", json={"current": "wrong-password-1", "new": "violet-harbour-91"})
    ada.simulate_patch("/v1/me", json={"name": "Ada L."})
    ada.simulate_delete("/v1/sessions/current")
    ada.simulate_get("/v1/me")

    told = [line["message"] for line in lines("kiosque.security")]
    assert told == [
        "sign-up",
        "login",
        "key-made",
        "key-ended",
        "login-failed",
        "password-changed-failed",
        "own-account-changed",
        "logout",
    ]


def test_a_line_says_who_did_it_by_which_session_and_from_where_and_no_secret(client, lines, caplog):
    ada = sign_up(client)
    body = {"name": "till", "scopes": ["me:read"]}
    made = ada.simulate_post("/v1/api-keys", json=body, remote_addr="192.0.2.7").json

    login, key = lines("kiosque.security")[-2:]
    assert (login["account"], "192.0.2.0/24") == (key["account"], key["client"])
    assert login["session"] == key["session"]
    assert (key["made"], key["scopes"]) == (made["id"], "me:read")
    written = " ".join(logs.JsonFormatter().format(record) for record in caplog.records)
    assert not [secret for secret in (PASSWORD, made["secret"], ADA["email"]) if secret in written]


def test_a_new_role_is_logged_with_its_account(client, client_as, lines):
    ada = sign_up(client)
    account = ada.simulate_get("/v1/me").json["id"]

    client_as("owner").simulate_patch(f"/v1/accounts/{account}", json={"role": "editor"})

    line = lines("kiosque.security")[-1]
    assert (line["message"], line["role"], line["fields"]) == ("account-changed", "editor", "role")
    assert line["path"] == f"/v1/accounts/{account}"


def test_the_access_log_names_session_or_key_and_the_network(client, lines):
    ada = sign_up(client)
    key = ada.simulate_post("/v1/api-keys", json={"name": "till", "scopes": ["me:read"]}).json
    by_key = TestClient(client.app, headers={"Authorization": f"Bearer {key['secret']}"})

    for visitor in (client, ada, by_key):
        visitor.simulate_get("/v1/me", remote_addr="192.0.2.7")

    stranger, session, by = lines("kiosque.access")[-3:]
    assert {line["client"] for line in (stranger, session, by)} == {"192.0.2.0/24"}
    assert (stranger["account"], by["key"]) == (None, key["id"])
    assert session["session"].startswith("ses_")
    assert by["account"] == session["account"] == ada.simulate_get("/v1/me").json["id"]
