"""What an order allows next, by how far it is paid and sent."""

from __future__ import annotations

from typing import Any

from api.errors import Conflict
from api.shop.orders.records import Order


class InvalidState(Conflict):
    """This step is not possible now: `state` tells what stands against it, `allowed` what may follow."""

    code, title = "invalid-state", "Step not allowed"
    remedy = "Read the order again, and take one of the steps in `allowed`."


def refusal(order: Order, *, detail: str, state: str, keeper: bool, **data: Any) -> InvalidState:
    """The error for a step that `order` does not allow."""
    return InvalidState(detail, state=state, allowed=next_steps(order, keeper=keeper), **data)


def next_steps(order: Order, *, keeper: bool) -> list[str]:
    """The resources of the order that take a change now, from its buyer or from a shopkeeper (`keeper`)."""
    steps = {
        "cancellation": order.order_status == "open"
        and order.fulfilment_status == "none"
        and (keeper or order.payment_status == "unpaid"),
        "payments": keeper and order.order_status != "cancelled" and order.payment_status != "paid",
        "fulfilments": keeper
        and order.order_status != "cancelled"
        and order.fulfilment_status != "fulfilled",
    }
    return [name for name, possible in steps.items() if possible]
