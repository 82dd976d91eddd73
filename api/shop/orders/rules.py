"""Orders: what a buyer asks for is taken from stock and written down, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.roles import ORDERS_READ, ORDERS_WRITE, Viewer
from api.errors import Conflict, FieldError, NotFound
from api.shop.money import TOTAL_MOST, Money, TotalTooLarge, check_currency, written
from api.shop.orders import queries, states
from api.shop.orders.records import Order, OrderLine
from api.shop.stock import rules as stock
from api.shop.stock.rules import Portion
from api.shop.variants import queries as variant_queries
from api.shop.variants.rules import UnknownItem
from api.storage import Transaction


class PriceChanged(Conflict):
    """The order comes to another total than the buyer has seen; `total` is what it comes to now."""

    code, title = "price-changed", "Price changed"
    remedy = "Show the buyer the new total, and order again with it as expected_total."


def place(
    tx: Transaction,
    *,
    buyer: Viewer,
    lines: Sequence[tuple[str, int]],
    currency: str,
    expected_total: Money | None = None,
    note: str | None = None,
) -> Order:
    """Take what `lines` (sku, quantity) want from stock and record the order, or take nothing.

    Raises, in this order: UnknownItem, CurrencyMismatch, OutOfStock, TotalTooLarge, PriceChanged.
    """
    portions = _portions(tx, lines)
    prices = (portion.variant.price for portion in portions)
    check_currency((expected_total, *prices), currency=currency)
    order_id = tx.new_id("ord")
    stock.take(tx, portions=portions, order_id=order_id, by=buyer.id)
    copied = [_line(position, portion) for position, portion in enumerate(portions)]
    total = sum(line.total for line in copied)
    if total > TOTAL_MOST:
        raise TotalTooLarge
    if expected_total is not None and expected_total.amount != total:
        now = Money(total, currency)
        raise PriceChanged(f"The order comes to {written(now)} now.", total=now)
    columns = {
        "id": order_id,
        "account_id": buyer.id,
        "email": buyer.email,
        "order_status": "open",
        "payment_status": "unpaid" if total else "paid",
        "fulfilment_status": "none",
        "currency": currency,
        "subtotal": total,
        "total": total,
        "paid": 0,
        "note": note,
        "placed_at": tx.now,
    }
    number = queries.insert_order(tx, lines=copied, **columns)
    kinds = ["placed"] if total else ["placed", "paid"]
    events = queries.insert_events(tx, order_id=order_id, kinds=kinds, by=buyer.id)
    return Order(number=number, **columns, lines=tuple(copied), events=tuple(events))  # type: ignore[arg-type]


def find(tx: Transaction, *, order_id: str, viewer: Viewer, lock: bool = False) -> Order:
    """The order, if it is the viewer's or the viewer may read all; NotFound."""
    everyones = viewer.may(ORDERS_READ) or viewer.may(ORDERS_WRITE)
    order = queries.find_order(tx, order_id=order_id, buyer=None if everyones else viewer.id, lock=lock)
    if order is None:
        raise NotFound
    return order


def cancel(tx: Transaction, *, order: Order, by: Viewer, reason: str | None = None) -> Order:
    """Cancel an order of which nothing was sent and return its stock, once; InvalidState.

    A shopkeeper may cancel what is paid, its buyer only what is not. Cancelling again changes nothing.
    """
    keeper = by.may(ORDERS_WRITE)
    if queries.update_cancelled(tx, order_id=order.id, paid_too=keeper):
        stock.give_back(tx, order_id=order.id, by=by.id)
        queries.insert_events(tx, order_id=order.id, kinds=["cancelled"], by=by.id, note=reason)
        return find(tx, order_id=order.id, viewer=by)
    if order.order_status == "cancelled":
        return order
    raise states.refusal(
        order,
        detail="What is paid or sent cannot be cancelled."
        if not keeper
        else "What is sent cannot be cancelled.",
        state=order.payment_status if order.fulfilment_status == "none" else order.fulfilment_status,
        keeper=keeper,
    )


def _portions(tx: Transaction, lines: Sequence[tuple[str, int]]) -> list[Portion]:
    """The lines with those of one sku summed, in order of first mention."""
    keys = [sku.lower() for sku, _ in lines]
    variants = variant_queries.list_orderable(tx, keys=set(keys))
    unknown = tuple(
        FieldError(
            code=UnknownItem.code, detail=f"The sku {sku} cannot be ordered.", pointer=f"/lines/{index}/sku"
        )
        for index, (sku, _) in enumerate(lines)
        if keys[index] not in variants
    )
    if unknown:
        raise UnknownItem(unknown[0].detail, errors=unknown)
    return [
        Portion(
            variant=variants[key],
            quantity=sum(quantity for other, (_, quantity) in zip(keys, lines, strict=True) if other == key),
            lines=tuple(index for index, other in enumerate(keys) if other == key),
        )
        for key in dict.fromkeys(keys)
    ]


def _line(position: int, portion: Portion) -> OrderLine:
    variant, quantity = portion.variant, portion.quantity
    return OrderLine(
        position=position,
        variant_id=variant.id,
        sku=variant.sku,
        name=variant.full_name,
        quantity=quantity,
        unit_price=variant.price.amount,
        total=quantity * variant.price.amount,
        fulfilled=0,
    )
