"""The placing of orders: what a buyer asks for is taken from stock and written down, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Sequence

from api.accounts.profiles.queries import find_account
from api.errors import Conflict, TooMany
from api.events import rules as events
from api.roles import Viewer
from api.shop.money import TOTAL_MOST, Money, TotalTooLarge, check_currency, written
from api.shop.orders import queries
from api.shop.orders.holding import Holding
from api.shop.orders.records import Event, Order, OrderDraft, OrderLine
from api.shop.orders.rules import TYPES
from api.shop.orders.states import settled
from api.shop.quotes.portions import portions_of
from api.shop.stock import rules as stock
from api.shop.stock.rules import Portion
from api.storage import Transaction
from api.times import Instant, later, seconds_between

MOST_UNPAID = 5


class PriceChanged(Conflict):
    """The order's total differs from `expected_total`; `total` is the current one."""

    code, title = "price-changed", "Price changed"
    remedy = "Show the buyer the new total, and send the order again with it as expected_total."


def place(
    tx: Transaction,
    draft: OrderDraft,
    *,
    buyer: Viewer,
    currency: str,
    holding: Holding | None = None,
    limited: bool = False,
) -> Order:
    """Take every line from stock and store the order, or change nothing. Unpaid, it expires after the hold.

    With `limited` a buyer has MOST_UNPAID unpaid orders at most.
    Raises, in this order: TooMany, UnknownItem, CurrencyMismatch, TooManyUnits, OutOfStock, TotalTooLarge,
    PriceChanged.
    """
    if limited and buyer.order_id is None:  # guests are counted by e-mail and network
        _check_unpaid(tx, buyer)
    portions = portions_of(tx, draft.lines, lock=True)
    order = _new(tx, draft, portions, buyer=buyer, currency=currency, holding=holding or Holding())
    check_currency([draft.expected_total, *(part.variant.price for part in portions)], currency=currency)
    stock.check_units(portions)
    moved = stock.take(tx, portions, order_id=order.id, actor=buyer)
    _check_total(order, draft.expected_total)
    order = queries.insert_order(tx, order)
    events.note_each(tx, [*((TYPES[event.kind], order) for event in order.events), *moved], actor=buyer)
    return order


def check_unpaid(tx: Transaction, hours: Sequence[Instant | None], *, most: int, whose: str) -> None:
    """TooMany until the first of `most` unpaid orders, which expire at these hours."""
    if len(hours) >= most:
        first = min((hour for hour in hours if hour is not None), default=later(tx.now, hours=1))
        raise TooMany(
            f"{whose} {most} unpaid orders: pay or cancel one.",
            retry_after=math.ceil(seconds_between(tx.now, first)),
        )


def _check_unpaid(tx: Transaction, buyer: Viewer) -> None:
    """TooMany until the first of too many unpaid orders expires."""
    find_account(tx, account_id=buyer.id, lock=True)  # two orders at once are counted one after the other
    hours = queries.list_unpaid(tx, account_id=buyer.id, most=MOST_UNPAID)
    check_unpaid(tx, hours, most=MOST_UNPAID, whose="You have")


def _new(
    tx: Transaction,
    draft: OrderDraft,
    portions: Sequence[Portion],
    *,
    buyer: Viewer,
    currency: str,
    holding: Holding,
) -> Order:
    lines = tuple(_line(position, portion) for position, portion in enumerate(portions))
    total = sum(line.total for line in lines)
    placed, paid = Event(tx.now, "placed", buyer.id), Event(tx.now, "paid", buyer.id)
    provider = draft.payment.provider if draft.payment else None
    order = Order(
        id=buyer.order_id or tx.new_id("ord"),
        account_id=buyer.account_id,
        email=draft.email or buyer.email,
        currency=currency,
        subtotal=total,
        total=total,
        shipping_address=draft.shipping_address,
        billing_address=draft.billing_address,
        tax_id=draft.tax_id,
        note=draft.note,
        placed_at=tx.now,
        updated_at=tx.now,
        expires_at=holding.at_first(provider, now=tx.now) if total else None,
        lines=lines,
        events=(placed,) if total else (placed, paid),
    )
    return settled(order)


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
    )


def _check_total(order: Order, expected: Money | None) -> None:
    if order.total > TOTAL_MOST:
        raise TotalTooLarge
    if expected is not None and expected.amount != order.total:
        total = Money(order.total, order.currency)
        raise PriceChanged(f"The total is now {written(total)}.", total=total)
