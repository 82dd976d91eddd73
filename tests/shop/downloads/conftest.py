"""A shop that sells a guide, which is a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.shop.variants.records import Download
from tests.factories import make_item

CONTENT = bytes(range(256)) * 400
GUIDE = (Download(path="guides/enamel.pdf", name="Émail – уход"),)


@pytest.fixture
def file(settings) -> Path:
    path: Path = settings.data / "files" / "guides" / "enamel.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def guide(db, file) -> None:
    with db.write() as tx:
        make_item(tx, sku="guide", price=900, kind="digital", variant={"downloads": GUIDE})


@pytest.fixture
def buyer(client_as):
    return client_as("customer")


@pytest.fixture
def buy(buyer, keeper, guide) -> Callable[..., dict[str, Any]]:
    """An order of guides, paid by hand, as its buyer sees it."""

    def place(quantity: int = 1, *, paid: int | None = None, others: tuple[Any, ...] = ()) -> dict[str, Any]:
        lines = [{"sku": "guide", "quantity": quantity}, *others]
        order = buyer.simulate_post("/v1/orders", json={"lines": lines}).json
        amount = order["total"]["amount"] if paid is None else paid
        if amount:
            pay(keeper, order, amount)
        return buyer.simulate_get(f"/v1/orders/{order['id']}").json

    return place


def pay(keeper, order: dict[str, Any], amount: int) -> int:
    body = {"method": "cash", "amount": {"amount": amount, "currency": "EUR"}}
    return keeper.simulate_post(f"/v1/orders/{order['id']}/payments", json=body).status_code


@pytest.fixture
def downloads(buyer) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """The downloads of an order."""
    return lambda order: buyer.simulate_get(f"/v1/orders/{order['id']}/downloads").json["data"]


@pytest.fixture
def ask(buyer):
    """Asks for a link to a download."""
    return lambda download: buyer.simulate_post(f"/v1/downloads/{download['id']}/links")
