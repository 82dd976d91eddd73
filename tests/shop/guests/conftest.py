"""Guests of a shop that sells mugs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.jobs.worker import Worker
from api.mail import queries
from api.storage import Keyset
from api.tasks import tasks
from tests.factories import make_item

ADA = "ada@kiosque.test"


@pytest.fixture
def mugs(db) -> None:
    with db.write() as tx:
        make_item(tx, sku="mug", stock=50)


@pytest.fixture
def order(client, mugs) -> Callable[..., Result]:
    """An order by a stranger."""

    def place(
        email: str | None = ADA, *, by: TestClient = client, key: str | None = None, **how: Any
    ) -> Result:
        body = {"lines": [{"sku": "mug", "quantity": 1}]} | ({"email": email} if email else {})
        headers = {"Idempotency-Key": key} if key else {}
        return by.simulate_post("/v1/orders", json=body, headers=headers, **how)

    return place


@pytest.fixture
def by_token(client) -> Callable[[str], TestClient]:
    def client_with(token: str) -> TestClient:
        return TestClient(client.app, headers={"Authorization": f"Bearer {token}"})

    return client_with


@pytest.fixture
def mails(db, settings) -> Callable[[], list[Any]]:
    """Address and text of each mail with a link to an order, once all is written."""

    def written() -> list[tuple[str, str]]:
        Worker(db, tasks(db, settings)).until_idle()
        with db.read() as tx:
            listed = queries.list_mails(tx, Keyset("mail_~", 100), kind="order-link", state="kept")
            texts = [(mail.to, queries.find_text(tx, mail_id=mail.id)) for mail in reversed(listed)]
        return [(to, text) for to, text in texts if text is not None]

    return written


def link_in(text: str) -> tuple[str, str]:
    """Order and token of a link in a mail."""
    found = re.search(r"/order/\?order=(\w+)#token=([\w-]+)", text)
    assert found, text
    return found[1], found[2]
