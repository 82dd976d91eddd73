"""Fixtures of accounts: a clock to set, and the few requests that tests repeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.storage import Database
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
def signed_in(client: TestClient) -> Callable[[str], TestClient]:
    """The client that sends this token."""

    def client_with(token: str) -> TestClient:
        return TestClient(client.app, headers={"Authorization": f"Bearer {token}"})

    return client_with
