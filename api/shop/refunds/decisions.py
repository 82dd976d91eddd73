"""Decisions of a shopkeeper to send money back: what it is for, how much it is, and by which payment."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from api.errors import Conflict
from api.roles import Viewer
from api.shop.money import Money, check_currency, written
from api.shop.orders.records import Order
from api.shop.orders.states import InvalidState, refusal
from api.shop.orders.units import units_of
from api.shop.orders.values import shipping_value, units_value
from api.shop.payments import queries as payment_queries
from api.shop.payments.records import Payment
from api.shop.refunds import rules
from api.shop.refunds.records import Refund, RefundDraft, RefundLine, ReturnedUnits
from api.shop.stock import rules as stock
from api.shop.variants import queries as variant_queries
from api.storage import Transaction


class RefundAmbiguous(Conflict):
    """An amount stands alone: with lines or shipping beside it nobody could tell what it is for."""

    code, title = "refund-ambiguous", "Refund ambiguous"
    remedy = "Send `amount` alone, or `lines` and `shipping` without it."


def refund(tx: Transaction, order: Order, draft: RefundDraft, *, actor: Viewer) -> Refund:
    """Refund units that were sent, shipping, an amount, or all that is left of `order`, which is locked.

    Units become returned, and are in stock again where that is asked for. Raises CurrencyMismatch,
    RefundAmbiguous, UnknownItem, InvalidState.
    """
    check_currency({"/amount": draft.amount, "/shipping": draft.shipping}, currency=order.currency)
    if draft.amount is not None and (draft.lines is not None or draft.shipping is not None):
        raise RefundAmbiguous.at("/amount")
    units = _returned(order, draft.lines or (), actor=actor)
    shipping = draft.shipping.amount if draft.shipping else 0
    left = shipping_value(order) - order.shipping_credited
    if shipping > left:
        detail = f"Only {written(Money(left, order.currency))} of the shipping is left."
        raise _not_refundable(tx, order, detail, actor=actor)
    if draft.lines is None and draft.shipping is None:
        amount = draft.amount.amount if draft.amount else _left(tx, order, draft.payment)
        credited = min(order.owed, max(0, amount - order.surplus))
    else:
        included = order.prices_include_tax
        value = sum(units_value(line, units.get(line.position, 0), included=included) for line in order.lines)
        amount = credited = value + shipping
    payment = _payment(tx, order, amount, draft.payment, actor=actor)
    lines = tuple(
        structs.replace(line, returned=line.returned + units.get(line.position, 0)) for line in order.lines
    )
    _restock(tx, order, draft.lines or (), actor=actor)
    made, _ = rules.create(
        tx,
        order,
        payment,
        amount=amount,
        credited=credited,
        actor=actor,
        reason=draft.reason,
        lines=[RefundLine(each.sku, each.quantity, each.restock) for each in draft.lines or ()],
        changes={
            "lines": lines,
            "credited": min(order.total, order.credited + credited),
            "shipping_credited": order.shipping_credited + shipping,
        },
    )
    return made


def _returned(order: Order, lines: Sequence[ReturnedUnits], *, actor: Viewer) -> dict[int, int]:
    """Position → units that come back."""
    units = units_of(order, lines)
    over = {
        line.sku: line.fulfilled - line.returned
        for line in order.lines
        if units.get(line.position, 0) > line.fulfilled - line.returned
    }
    if over:
        detail = "; ".join(f"{left} of {sku} can come back" for sku, left in over.items())
        raise refusal(
            order,
            f"Only what was sent can come back: {detail}.",
            state=order.fulfilment_status,
            actor=actor,
            remaining=over,
        )
    return units


def _left(tx: Transaction, order: Order, ref: str | None) -> int:
    """All that can be sent back, of the order or of that payment."""
    if ref is None:
        return order.net
    payments = payment_queries.list_refundable(tx, order_id=order.id)
    return next((one.refundable for one in payments if one.id == ref), 0)


def _payment(tx: Transaction, order: Order, amount: int, ref: str | None, *, actor: Viewer) -> Payment:
    """The payment to send so much back by."""
    payments = payment_queries.list_refundable(tx, order_id=order.id)
    fitting = [one for one in payments if one.refundable >= amount and ref in (None, one.id)]
    if not amount or not fitting:
        left = written(Money(order.net, order.currency))
        raise _not_refundable(tx, order, f"Only {left} can be sent back, by these payments.", actor=actor)
    return fitting[0]


def _not_refundable(tx: Transaction, order: Order, detail: str, *, actor: Viewer) -> InvalidState:
    payments = payment_queries.list_refundable(tx, order_id=order.id)
    return refusal(
        order,
        detail,
        state=order.payment_status,
        actor=actor,
        refundable=Money(order.net, order.currency),
        payments=[{"id": one.id, "refundable": Money(one.refundable, order.currency)} for one in payments],
    )


def _restock(tx: Transaction, order: Order, lines: Sequence[ReturnedUnits], *, actor: Viewer) -> None:
    ordered = {line.sku.lower(): line.variant_id for line in order.lines}
    variants = variant_queries.list_by_id(tx, ids=[line.variant_id for line in order.lines])
    for line in sorted(lines, key=lambda line: line.sku.lower()):  # buyers lock them in the same order
        variant = variants[ordered[line.sku.lower()]]
        if line.restock and variant.tracked:
            stock.move(
                tx,
                variant,
                delta=line.quantity,
                reason="return",
                note=f"Order {order.number}",
                actor=actor,
            )
