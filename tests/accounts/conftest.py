"""Fixtures of accounts: a clock to set, and the few requests that tests repeat."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.jobs.worker import Worker
from api.mail import queries
from api.settings import Settings
from api.storage import Database, Keyset
from api.tasks import tasks
from tests.factories import PASSWORD, make_login


@pytest.fixture
def ada(db: Database) -> Any:
    """A customer who can log in with PASSWORD."""
    with db.write() as tx:
        return make_login(tx, email="ada@kiosque.test")


@pytest.fixture
def login(client: TestClient) -> Callable[..., Result]:
    def attempt(email: str = "ada@kiosque.test", password: str = PASSWORD, **headers: str) -> Result:
        body = {"email": email, "password": password}
        return client.simulate_post("/v1/sessions", json=body, headers=headers)

    return attempt


@pytest.fixture
def login_from(client: TestClient) -> Callable[..., Result]:
    """A login from this address."""

    def attempt(address: str, password: str = PASSWORD) -> Result:
        body = {"email": "ada@kiosque.test", "password": password}
        return client.simulate_post("/v1/sessions", json=body, remote_addr=address)

    return attempt


@pytest.fixture
def mails(db: Database, settings: Settings) -> Callable[..., list[Any]]:
    """`mails("ada@kiosque.test")` is kind and text of each mail to that address, once all is written."""

    def written(to: str = "ada@kiosque.test") -> list[tuple[str, str]]:
        Worker(db, tasks(db, settings)).until_idle()
        with db.read() as tx:
            listed = queries.list_mails(tx, Keyset("mail_~", 100), to=to, state="kept")
            texts = [(mail.kind, queries.find_text(tx, mail_id=mail.id)) for mail in reversed(listed)]
        return [(kind, text) for kind, text in texts if text is not None]

    return written


@pytest.fixture
def token_in(mails: Callable[..., list[Any]]) -> Callable[..., str]:
    """The token in the link of the latest mail of a kind."""

    def latest(kind: str, to: str = "ada@kiosque.test") -> str:
        text = [text for each, text in mails(to) if each == kind][-1]
        return re.search(r"#token=([\w-]+)", text)[1]

    return latest


@pytest.fixture
def signed_in(client: TestClient) -> Callable[[str], TestClient]:
    """The client that sends this token."""

    def client_with(token: str) -> TestClient:
        return TestClient(client.app, headers={"Authorization": f"Bearer {token}"})

    return client_with
