"""The steps that an order allows next, by how far it is paid and sent."""

from __future__ import annotations

from api.errors import Conflict
from api.roles import ORDERS_WRITE, Viewer
from api.shop.orders.records import Order


class InvalidState(Conflict):
    """`state` does not allow this; `allowed` lists the steps that are possible now."""

    code, title = "invalid-state", "Step not allowed"
    remedy = "Read the order, or the variant, again and take one of the steps in `allowed`."


def next_steps(order: Order, *, actor: Viewer) -> list[str]:
    """The resources under the order that `actor` may change now."""
    keeper, status = actor.may(ORDERS_WRITE), order.order_status
    steps = {
        "cancellation": status == "open"
        and order.fulfilment_status == "none"
        and (keeper or order.payment_status == "unpaid"),
        "payments": keeper and status != "cancelled" and order.payment_status != "paid",
        "fulfilments": keeper
        and status not in ("cancelled", "expired")
        and order.fulfilment_status != "fulfilled",
    }
    return [name for name, possible in steps.items() if possible]


def expired(order: Order, *, actor: Viewer) -> InvalidState:
    """The refusal of a step that an expired order does not allow."""
    return InvalidState(
        "The order has expired, and its stock is for sale again.",
        state="expired",
        allowed=next_steps(order, actor=actor),
    )
