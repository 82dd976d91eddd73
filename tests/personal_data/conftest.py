"""Fixtures: an account to erase, and who else is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from falcon.testing import TestClient

from api import times
from api.roles import Viewer
from tests.factories import (
    PASSWORD,
    make_login,
    make_viewer,
)
from tests.personal_data.somebody import EMAIL, NAME


@pytest.fixture
def staff(db) -> Viewer:
    with db.write() as tx:
        return make_viewer(tx, role="owner", name="Staff", email="staff@kiosque.test")


@pytest.fixture
def owner(client_as):
    return client_as("owner", name="Owner", email="owner@kiosque.test")


@pytest.fixture
def person(db) -> Viewer:
    """An author who comments and buys, and can log in."""
    with db.write() as tx:
        account = make_login(tx, email=EMAIL, name=NAME, role="author")
        return Viewer(id=account.id, email=EMAIL, name=NAME, role="author")


@pytest.fixture
def them(client, db, person) -> TestClient:
    """The client of that person, freshly logged in."""
    answer = client.simulate_post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    return TestClient(client.app, headers={"Authorization": f"Bearer {answer.json['token']}"})


@pytest.fixture
def later(db) -> Iterator[Callable[[], None]]:
    """Makes it eleven minutes later."""
    before = db.clock
    yield lambda: setattr(db, "clock", lambda: times.later(before(), minutes=11))
    db.clock = before
