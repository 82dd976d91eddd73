"""The steps that an order allows next, by how far it is paid and sent."""

from __future__ import annotations

from api.accounts.roles import ORDERS_WRITE, Viewer
from api.errors import Conflict
from api.shop.orders.records import Order


class InvalidState(Conflict):
    """`state` does not allow this; `allowed` lists the steps that are possible now."""

    code, title = "invalid-state", "Step not allowed"
    remedy = "Read the order again and take one of the steps in `allowed`."


def next_steps(order: Order, *, actor: Viewer) -> list[str]:
    """The resources under the order that `actor` may change now."""
    keeper, standing = actor.may(ORDERS_WRITE), order.order_status != "cancelled"
    steps = {
        "cancellation": order.order_status == "open"
        and order.fulfilment_status == "none"
        and (keeper or order.payment_status == "unpaid"),
        "payments": keeper and standing and order.payment_status != "paid",
        "fulfilments": keeper and standing and order.fulfilment_status != "fulfilled",
    }
    return [name for name, possible in steps.items() if possible]
