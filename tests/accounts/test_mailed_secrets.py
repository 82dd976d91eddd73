"""What mails hold to log in or change something with: used once, and by nobody who only follows links."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, get_args

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.mail.records import MailKind
from tests.factories import CHEAP_HASHER, PASSWORD

OLD, NEW = "ada@kiosque.test", "countess@kiosque.test"
WITHOUT = {
    "password-changed": "tells that it was done",
    "sign-up-taken": "tells that there is an account",
    "new-login": "tells that it was done",
    "order-link": "works as often as the guest likes",
    "receipt": "leads to the order, as often as the buyer likes",
    "payment-waits": "leads to the order, as often as the buyer likes",
    "shipped": "leads to the order, as often as the buyer likes",
    "cancelled": "leads to the order, as often as the buyer likes",
    "expired": "leads to the order, as often as the buyer likes",
    "refunded": "leads to the order, as often as the buyer likes",
    "download-ready": "leads to the order, as often as the buyer likes",
    "comment-waits": "leads to a page for moderators",
    "comment-answered": "leads to the article",
    "webhook-disabled": "leads nowhere",
}
"""Kinds of mail with nothing to spend."""

Spend = Callable[[], Any]


class Flows:
    """How each mail comes about; each returns its text, and how it is spent."""

    def __init__(self, client: TestClient, mails: Any, login: Any, signed_in: Any) -> None:
        self.client, self.mails = client, mails
        self.login, self.signed_in = login, signed_in

    def verify(self) -> tuple[str, Spend]:
        self._me().simulate_post("/v1/me/email-verifications")
        return self._token(OLD, "/v1/email-confirmations")

    def sign_up(self) -> tuple[str, Spend]:
        body = {"email": NEW, "password": PASSWORD, "name": "Countess"}
        self.client.simulate_post("/v1/accounts", json=body)
        return self._token(NEW, "/v1/email-confirmations")

    def change(self) -> tuple[str, Spend]:
        self._me().simulate_patch("/v1/me", json={"email": NEW, "current_password": PASSWORD})
        return self._token(NEW, "/v1/email-confirmations")

    def undo(self) -> tuple[str, Spend]:
        self.verify()[1]()
        self.change()[1]()
        return self._token(OLD, "/v1/email-restorations")

    def reset(self) -> tuple[str, Spend]:
        self.client.simulate_post("/v1/password-resets", json={"email": OLD})
        return self._token(OLD, "/v1/password-changes", password="violet-harbour-93")

    def login_code(self) -> tuple[str, Spend]:
        asked = self.client.simulate_post("/v1/login-codes", json={"email": OLD}).json["id"]
        text = self.mails(OLD)[-1][1]
        body = {"login_code": asked, "code": re.search(r"^\d{6}$", text, re.MULTILINE)[0]}
        return text, lambda: self.client.simulate_post("/v1/sessions", json=body).status_code

    def _token(self, to: str, path: str, **others: str) -> tuple[str, Spend]:
        text = self.mails(to)[-1][1]
        body = {"token": re.search(r"#token=([\w-]+)", text)[1], **others}
        return text, lambda: self.client.simulate_post(path, json=body).status_code

    def _me(self) -> TestClient:
        return self.signed_in(self.login().json["token"])


FLOWS = {
    Flows.verify: "verify",
    Flows.sign_up: "verify",
    Flows.change: "verify",
    Flows.undo: "email-changed",
    Flows.reset: "reset",
    Flows.login_code: "login-code",
}
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)


@pytest.fixture
def client(db, settings) -> TestClient:
    return TestClient(create_app(replace(settings, sign_up="verified"), db, CHEAP_HASHER))


@pytest.fixture
def flows(client, ada, mails, login, signed_in) -> Flows:
    return Flows(client, mails, login, signed_in)


def test_every_kind_of_mail_is_here():
    assert {*FLOWS.values()} | {*WITHOUT} == {*get_args(MailKind)}


@each_flow
def test_of_twenty_who_use_it_at_once_one_succeeds(flows, flow):
    _, spend = flow(flows)

    with ThreadPoolExecutor(20) as threads:
        outcomes = sorted(threads.map(lambda _: spend(), range(20)))

    assert outcomes[0] in (201, 204)
    assert {*outcomes[1:]} <= {401, 410, 503}


@each_flow
def test_whoever_follows_the_links_of_a_mail_without_their_fragments_spends_nothing(flows, flow):
    text, spend = flow(flows)
    links = re.findall(r"https://kiosque\.test(/[^\s#>)]*)", text)

    for path in links:
        for method in ("HEAD", "GET", "POST"):
            flows.client.simulate_request(method, path)

    assert flow is Flows.login_code or links
    assert spend() in (201, 204)
