"""The counter of a reading room, which sells by way of Kiosque."""

from __future__ import annotations

from typing import Literal

from kiosque_client import Client, Problem
from kiosque_client.answers import OrderView

Outcome = Literal["sold", "sold out", "come back later"]


def sell(buyer: Client, sku: str, quantity: int = 1) -> Outcome:
    """Sell, or say why not."""
    try:
        order: OrderView = buyer.post("/v1/orders", {"lines": [{"sku": sku, "quantity": quantity}]})
    except Problem as problem:
        return "sold out" if problem.code == "out-of-stock" else "come back later"
    assert order["order_status"] == "open"
    return "sold"
