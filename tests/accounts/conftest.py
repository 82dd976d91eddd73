"""Fixtures of accounts: a clock to set, and the few requests that tests repeat."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.accounts.second_factors import totp
from api.jobs.worker import Worker
from api.mail import queries
from api.settings import Settings
from api.storage import Database, Keyset
from api.tasks import tasks
from tests.factories import PASSWORD, Clock, make_login


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


@pytest.fixture
def client_of(
    clock: Clock, ada: Any, login: Callable[..., Result], signed_in: Callable[[str], TestClient]
) -> Callable[..., TestClient]:
    """The client of a fresh session of that account, or of the one with this token."""

    def client_for(email: str = "", *, token: str | None = None) -> TestClient:
        return signed_in(token or login(email).json["token"])

    return client_for


@pytest.fixture
def app_code(clock: Clock) -> Callable[..., str]:
    """The code that an app shows for a secret, now or some steps of half a minute later."""

    def code(secret: str, *, steps: int = 0) -> str:
        return totp.code_at(base64.b32decode(secret), totp.step_at(clock.now) + steps)

    return code


@pytest.fixture
def switch_on(app_code: Callable[..., str]) -> Callable[[TestClient], Any]:
    """Give the account of a client a second factor, and return its secrets."""

    def switched(me: TestClient) -> Any:
        made = me.simulate_post("/v1/me/second-factors", json={"password": PASSWORD}).json
        body = {"code": app_code(made["secret"])}
        active = me.simulate_put(f"/v1/me/second-factors/{made['id']}/activation", json=body)
        assert active.status_code == 200
        return made

    return switched


@pytest.fixture
def enter(client: TestClient, login: Callable[..., Result]) -> Callable[..., Result]:
    """The second step of Ada's login, by `code` or `recovery_code`, after a first one that was right."""

    def attempt(*, challenge: str | None = None, address: str = "127.0.0.1", **proof: str) -> Result:
        body = {"challenge": challenge or login().json["challenge"], **proof}
        headers = {"X-Request-ID": "same"}
        return client.simulate_post("/v1/sessions", json=body, headers=headers, remote_addr=address)

    return attempt
