"""Cancellations: units not sent yet return to stock once, and what was paid for them goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from api.jobs import rules as jobs
from api.roles import ORDERS_WRITE, Viewer
from api.shop.cancellations.records import CancellationDraft, CancelledUnits
from api.shop.coupons.redemptions import rules as redemptions
from api.shop.orders import rules as orders
from api.shop.orders.records import EventKind, Order, OrderLine
from api.shop.orders.states import expired, may_be_withdrawn, refusal
from api.shop.orders.units import units_of
from api.shop.orders.values import shipping_value, units_value
from api.shop.payments import queries as payment_queries
from api.shop.payments.records import CANCEL
from api.shop.refunds import rules as refunds
from api.shop.stock import rules as stock
from api.storage import Transaction


def cancel(tx: Transaction, order: Order, draft: CancellationDraft, *, actor: Viewer | None) -> Order:
    """Cancel units of `order`, which is locked; the order, the same if nothing is left to do.

    A shopkeeper may cancel what was not sent, the buyer the whole order while nothing is paid or sent. With
    the last unit the shipping is cancelled, unless anything was sent. Raises UnknownItem, InvalidState.
    """
    if order.order_status == "expired":
        raise expired(order, actor=actor)
    if actor is not None and not actor.may(ORDERS_WRITE):
        _check_buyer(order, draft, actor=actor)
    if draft.lines is None:
        cancelled = {line.position: line.quantity - line.fulfilled for line in order.lines}
        if not any(line.remaining for line in order.lines) and not any(
            line.cancelled for line in order.lines
        ):
            raise refusal(order, "Everything was sent.", state=order.fulfilment_status, actor=actor)
    else:
        cancelled = _requested(order, draft.lines, actor=actor)
    more = {
        line.position: cancelled.get(line.position, line.cancelled) - line.cancelled for line in order.lines
    }
    if not any(more.values()):
        return order
    return _cancel(tx, order, more, actor=actor, reason=draft.reason)


def may_cancel(order: Order, draft: CancellationDraft, *, actor: Viewer) -> bool:
    """Whether the whole order may be cancelled by `actor` as far as it is known now."""
    if draft.lines is not None or order.order_status != "open":
        return False
    if actor.may(ORDERS_WRITE):
        return any(line.remaining for line in order.lines)
    return order.is_of(actor) and may_be_withdrawn(order)


def _cancel(
    tx: Transaction, order: Order, more: Mapping[int, int], *, actor: Viewer | None, reason: str | None
) -> Order:
    """Cancel so many more units, by position of their line."""
    included = order.prices_include_tax
    value = sum(units_value(line, more[line.position], included=included) for line in order.lines)
    lines = tuple(
        structs.replace(line, cancelled=line.cancelled + more[line.position]) for line in order.lines
    )
    is_whole = not any(line.standing for line in lines)
    shipping = shipping_value(order) - order.shipping_credited if is_whole else 0
    credited = min(order.total, order.credited + value + shipping)
    units = {line.variant_id: more[line.position] for line in order.lines}
    stock.give_back(tx, order_id=order.id, units=units, actor=actor)
    kind: EventKind = "cancelled" if is_whole else "partly_cancelled"
    after = orders.change(
        tx,
        order,
        actor=actor,
        history=[(kind, reason)],
        lines=lines,
        credited=credited,
        shipping_credited=min(credited, order.shipping_credited + shipping),
    )
    if is_whole:
        redemptions.release(tx, [order.id])
    live = payment_queries.find_live(tx, order_id=order.id)
    if is_whole and live is not None:
        jobs.leave(tx, CANCEL, {"payment": live.id})
    return refunds.return_surplus(
        tx, after, actor=actor, reason=reason or "cancelled", credited=credited - order.credited
    )


def _check_buyer(order: Order, draft: CancellationDraft, *, actor: Viewer) -> None:
    if draft.lines is not None:
        raise actor.lacking(ORDERS_WRITE, "Only the shop may cancel a part of an order.")
    if order.order_status != "cancelled" and not may_be_withdrawn(order):
        sent = order.fulfilment_status != "none"
        raise refusal(
            order,
            "An order cannot be cancelled once anything is paid or sent.",
            state=order.fulfilment_status if sent else order.payment_status,
            actor=actor,
        )


def _requested(order: Order, lines: Sequence[CancelledUnits], *, actor: Viewer | None) -> dict[int, int]:
    """Position → units cancelled in all."""
    ordered = {line.sku.lower(): line for line in order.lines}
    units = units_of(order, lines)
    wrong = {key: line for key, line in ordered.items() if not _is_possible(line, units.get(line.position))}
    if wrong:
        bounds = {key: f"{line.cancelled} to {line.quantity - line.fulfilled}" for key, line in wrong.items()}
        raise refusal(
            order,
            "; ".join(
                f"{line.sku}: {bounds[key]} units can be cancelled in all" for key, line in wrong.items()
            )
            + ".",
            state=order.fulfilment_status,
            actor=actor,
            remaining={line.sku: line.remaining for line in wrong.values()},
        )
    return units


def _is_possible(line: OrderLine, cancelled: int | None) -> bool:
    return cancelled is None or line.cancelled <= cancelled <= line.quantity - line.fulfilled
