"""The states of an order: each follows from its amounts and units, so that none is ever set by hand."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from api.errors import Conflict
from api.roles import ORDERS_WRITE, Viewer, may
from api.shop.orders.records import FulfilmentStatus, Order, OrderStatus, PaymentStatus, Waiting


class InvalidState(Conflict):
    """`state` does not allow this; `allowed` lists the steps that are possible now."""

    code, title = "invalid-state", "Step not allowed"
    remedy = "Read the order, or the variant, again and take one of the steps in `allowed`."


def settled(order: Order, *, waits_for: Waiting | None = None) -> Order:
    """The order with the states that its amounts and units make.

    `waits_for` is what it waits for if nothing is paid; None: whatever it waited for before.
    """
    sent = _fulfilment_status(order)
    status = _order_status(order, sent)
    holds = status == "expired" or (status == "open" and not order.paid and sent == "none")
    return structs.replace(
        order,
        payment_status=_payment_status(order, waits_for or _waiting(order)),
        fulfilment_status=sent,
        order_status=status,
        expires_at=order.expires_at if holds else None,
    )


def next_steps(order: Order, *, actor: Viewer | None) -> list[str]:
    """The resources under the order that `actor` may change now."""
    keeper, status = may(actor, ORDERS_WRITE), order.order_status
    remains = any(line.remaining for line in order.lines)
    steps = {
        "cancellation": status == "open" and (remains if keeper else may_be_withdrawn(order)),
        "payments": (status not in ("cancelled", "expired") and order.due > 0)
        or (keeper and status == "expired"),
        "fulfilments": keeper and status == "open" and remains,
        "refunds": keeper and order.net > 0,
    }
    return [name for name, possible in steps.items() if possible]


def may_be_withdrawn(order: Order) -> bool:
    """Whether its buyer may still cancel it: it is open, and nothing is paid or sent."""
    return (
        order.order_status == "open"
        and order.payment_status == "unpaid"
        and order.fulfilment_status == "none"
    )


def refusal(order: Order, detail: str, *, state: str, actor: Viewer | None, **data: Any) -> InvalidState:
    """The refusal of a step that the order does not allow."""
    return InvalidState(detail, state=state, allowed=next_steps(order, actor=actor), **data)


def expired(order: Order, *, actor: Viewer | None) -> InvalidState:
    """The refusal of a step that an expired order does not allow."""
    return refusal(
        order, "The order has expired, and its stock is for sale again.", state="expired", actor=actor
    )


def _waiting(order: Order) -> Waiting:
    status = order.payment_status
    return status if status == "pending" or status == "authorised" else "unpaid"


def _payment_status(order: Order, waiting: Waiting) -> PaymentStatus:
    if order.refunded > 0 and order.net == 0:
        return "refunded"
    if order.due == 0:
        return "partly_refunded" if order.refunded > 0 else "paid"
    return "partly_paid" if order.net > 0 else waiting


def _fulfilment_status(order: Order) -> FulfilmentStatus:
    if not any(line.fulfilled for line in order.lines):
        return "none"
    return "partial" if any(line.remaining for line in order.lines) else "fulfilled"


def _order_status(order: Order, sent: FulfilmentStatus) -> OrderStatus:
    if not any(line.standing for line in order.lines):
        return "cancelled"
    if sent == "fulfilled" and order.due == 0:
        return "completed"
    return "expired" if order.order_status == "expired" else "open"
