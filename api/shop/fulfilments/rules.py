"""Fulfilments: what of an order was sent or handed over, never more than was ordered."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.roles import Viewer
from api.errors import FieldError
from api.shop.fulfilments import queries as fulfilments_queries
from api.shop.fulfilments.records import Fulfilment, FulfilmentLine
from api.shop.orders import queries as order_queries
from api.shop.orders import states
from api.shop.orders.records import Order
from api.shop.variants.rules import UnknownItem
from api.storage import Transaction


def record(
    tx: Transaction,
    *,
    order: Order,
    lines: Sequence[tuple[str, int]] | None,
    carrier: str | None,
    tracking: str | None,
    by: Viewer,
) -> Fulfilment:
    """Write down that `lines` (sku, quantity; None: all that remains) were sent; InvalidState, UnknownItem.

    `order` is locked, so what remains of it cannot be sent twice.
    """
    if order.order_status == "cancelled" or order.fulfilment_status == "fulfilled":
        state = "cancelled" if order.order_status == "cancelled" else "fulfilled"
        raise states.refusal(order, detail=f"The order is {state}.", state=state, keeper=True)
    sent = _all_that_remains(order) if lines is None else _asked(order, lines)
    now = order_queries.update_fulfilled(tx, order_id=order.id, sent=sent)
    assert now is not None  # noqa: S101  # the order is locked and was looked at
    fulfilment = Fulfilment(
        id=tx.new_id("ful"),
        carrier=carrier,
        tracking=tracking,
        created_at=tx.now,
        lines=tuple(
            FulfilmentLine(line.sku, sent[line.position]) for line in order.lines if line.position in sent
        ),
    )
    fulfilments_queries.insert_fulfilment(tx, fulfilment, order_id=order.id, sent=sent, by=by.id)
    kinds = ["fulfilled" if now.fulfilment_status == "fulfilled" else "partly_fulfilled"]
    kinds += ["completed"] if now.order_status == "completed" else []
    order_queries.insert_events(tx, order_id=order.id, kinds=kinds, by=by.id)
    return fulfilment


def _all_that_remains(order: Order) -> dict[int, int]:
    return {line.position: line.remaining for line in order.lines if line.remaining}


def _asked(order: Order, lines: Sequence[tuple[str, int]]) -> dict[int, int]:
    """Position → units, those of one sku summed."""
    ordered = {line.sku.lower(): line for line in order.lines}
    unknown = [(index, sku) for index, (sku, _) in enumerate(lines) if sku.lower() not in ordered]
    if unknown:
        errors = _errors("unknown-item", unknown, "The order has no {sku}.")
        raise UnknownItem(errors[0].detail, errors=errors)
    sent: dict[int, int] = {}
    for sku, quantity in lines:
        at = ordered[sku.lower()].position
        sent[at] = sent.get(at, 0) + quantity
    over = {line.sku: line.remaining for line in order.lines if sent.get(line.position, 0) > line.remaining}
    if over:
        asked = [(index, sku) for index, (sku, _) in enumerate(lines) if ordered[sku.lower()].sku in over]
        errors = _errors("invalid-state", asked, "Fewer of {sku} remain to be sent.")
        raise states.refusal(
            order,
            detail=errors[0].detail,
            state=order.fulfilment_status,
            keeper=True,
            remaining=over,
            errors=errors,
        )
    return sent


def _errors(code: str, places: Sequence[tuple[int, str]], detail: str) -> tuple[FieldError, ...]:
    return tuple(
        FieldError(code=code, detail=detail.format(sku=sku), pointer=f"/lines/{index}/sku")
        for index, sku in places
    )
