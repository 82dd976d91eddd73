"""A shop that is paid by the test provider too, one order, and the work behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.jobs.worker import Worker
from api.settings import Settings
from api.tasks import tasks
from tests.factories import make_item


@pytest.fixture
def settings(settings) -> Settings:
    return replace(settings, payments=("manual", "test"))


@pytest.fixture
def buyer(client_as):
    return client_as("customer")


@pytest.fixture
def place(db, buyer) -> Callable[..., dict]:
    """Places an order of one mug at 20.00 for the buyer, of five in stock."""

    def place(quantity: int = 1, **fields):
        body = {"lines": [{"sku": "mug", "quantity": quantity}], **fields}
        placed = buyer.simulate_post("/v1/orders", json=body)
        assert placed.status_code == 201, placed.text
        return placed.json

    with db.write() as tx:
        make_item(tx, sku="mug", stock=5, price=2000)
    return place


@pytest.fixture
def work(db, settings) -> Callable[[], int]:
    """Does what is due in the background."""
    return Worker(db, tasks(db, settings)).until_idle
