"""Fulfilments: what of an order was sent or handed over, never more than was ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from api.roles import Viewer
from api.shop.fulfilments import queries
from api.shop.fulfilments.records import Fulfilment, FulfilmentDraft, FulfilmentLine
from api.shop.letters import rules as letters
from api.shop.orders import rules as orders
from api.shop.orders.records import LineDraft, Order
from api.shop.orders.states import InvalidState, expired, next_steps, refusal
from api.shop.orders.units import units_of
from api.storage import Transaction


def create(tx: Transaction, order: Order, draft: FulfilmentDraft, *, actor: Viewer) -> Fulfilment:
    """Record what was sent of `order`, which is locked so that nothing is sent twice.

    Raises InvalidState, UnknownItem.
    """
    if order.order_status == "expired":
        raise expired(order, actor=actor)
    if not any(line.remaining for line in order.lines):
        state = "cancelled" if order.order_status == "cancelled" else "fulfilled"
        raise refusal(order, f"The order is {state}.", state=state, actor=actor)
    units = _remaining(order) if draft.lines is None else _requested(order, draft.lines, actor=actor)
    sent = (line for line in order.lines if line.position in units)
    fulfilment = Fulfilment(
        id=tx.new_id("ful"),
        lines=tuple(FulfilmentLine(line.sku, units[line.position]) for line in sent),
        carrier=draft.carrier,
        tracking=draft.tracking,
        created_at=tx.now,
    )
    queries.insert_fulfilment(tx, fulfilment, order_id=order.id, units=units, actor_id=actor.id)
    lines = tuple(
        structs.replace(line, fulfilled=line.fulfilled + units.get(line.position, 0)) for line in order.lines
    )
    after = orders.change(tx, order, actor=actor, lines=lines)
    letters.note_sent(tx, after, fulfilment_id=fulfilment.id)
    return fulfilment


def change(
    tx: Transaction, order: Order, before: Fulfilment, changes: Mapping[str, str | None], *, actor: Viewer
) -> Fulfilment:
    """Correct how a part of `order`, which is locked, was sent."""
    after = structs.replace(before, **changes)
    if after != before:
        queries.update_fulfilment(tx, after)
        orders.change(tx, order, actor=actor, history=[("changed", None)])
    return after


def _remaining(order: Order) -> dict[int, int]:
    return {line.position: line.remaining for line in order.lines if line.remaining}


def _requested(order: Order, lines: Sequence[LineDraft], *, actor: Viewer) -> dict[int, int]:
    """Position → units to send."""
    ordered = {line.sku.lower(): line for line in order.lines}
    places = [(f"/lines/{index}/sku", line.sku) for index, line in enumerate(lines)]
    units = units_of(order, lines)
    over = {key: line for key, line in ordered.items() if units.get(line.position, 0) > line.remaining}
    if over:
        raise InvalidState.at_each(
            [
                (at, f"Only {over[sku.lower()].remaining} of {sku} can still be sent.")
                for at, sku in places
                if sku.lower() in over
            ],
            state=order.fulfilment_status,
            allowed=next_steps(order, actor=actor),
            remaining={line.sku: line.remaining for line in over.values()},
        )
    return units
