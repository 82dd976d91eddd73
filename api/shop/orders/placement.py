"""The placing of orders: what a buyer asks for is taken from stock and written down, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import structs

from api.accounts.profiles.queries import find_account
from api.errors import Conflict, TooMany
from api.events import rules as events
from api.roles import Viewer
from api.settings.shop import Tariff
from api.shop.coupons.records import Customer
from api.shop.coupons.redemptions import rules as redemptions
from api.shop.downloads import entitlements
from api.shop.letters import rules as letters
from api.shop.money import Money, check_currency, written
from api.shop.orders import queries
from api.shop.orders.addresses import destination
from api.shop.orders.holding import Holding
from api.shop.orders.records import ChosenShipping, CouponUse, Event, Order, OrderDraft, OrderLine
from api.shop.orders.rules import TYPES, deliver
from api.shop.orders.states import settled
from api.shop.pricing.records import PricedLine
from api.shop.quotes import rules as quotes
from api.shop.quotes.portions import portions_of
from api.shop.quotes.records import Quote, Terms
from api.shop.stock import holds
from api.shop.stock import rules as stock
from api.shop.stock.rules import Portion
from api.storage import Transaction
from api.times import Instant, later, seconds_between

MOST_UNPAID = 5


class PriceChanged(Conflict):
    """The order's total differs from `expected_total`: `quote` is what it comes to now, `total` its sum."""

    code, title = "price-changed", "Price changed"
    remedy = "Show the buyer the new total, and send the order again with it as expected_total."


class AddressRequired(Conflict):
    """Something in the order has to be sent, and there is no address to send it to."""

    code, title = "address-required", "Address required"
    remedy = "Send a shipping_address."


def place(
    tx: Transaction,
    draft: OrderDraft,
    *,
    buyer: Viewer,
    tariff: Tariff,
    holding: Holding | None = None,
    limited: bool = False,
    language: str | None = None,
) -> Order:
    """Take every line from stock and store the order, or change nothing. Unpaid, it expires after the hold.

    With `limited` a buyer has MOST_UNPAID unpaid orders at most; `language` is that of the mails about the
    order, None: there are none. Raises, in this order: TooMany, UnknownItem,
    CurrencyMismatch, TooManyUnits, OutOfStock, ShippingUnavailable, TotalTooLarge, AddressRequired,
    CouponNotApplicable, PriceChanged.
    """
    if limited and buyer.order_id is None:  # guests are counted by e-mail and network
        _check_unpaid(tx, buyer)
    portions = portions_of(tx, draft.lines, lock=True)
    check_currency({"/expected_total": draft.expected_total}, currency=tariff.currency)
    stock.check_units(portions)
    order_id = buyer.order_id or tx.new_id("ord")
    if draft.coupons:
        holds.release_coupons(tx, draft.coupons)
    moved = stock.take(tx, portions, order_id=order_id, actor=buyer)
    customer = Customer(buyer.account_id, draft.email or buyer.email)
    quote = quotes.priced(tx, portions, _terms(draft, portions), tariff=tariff, customer=customer)
    _check(quote, draft, currency=tariff.currency)
    provider = draft.payment.provider if draft.payment else None
    holding = holding or Holding()
    expires_at = holding.at_first(provider, now=tx.now) if quote.sums.total else None
    order = _new(tx, draft, quote, order_id=order_id, buyer=buyer, tariff=tariff)
    order = settled(structs.replace(order, expires_at=expires_at, language=language))
    # Who names a provider has a payment begun, which asks by itself.
    is_asked = provider is None and holding.is_by_hand(None)
    asks_at = letters.asks_at(order, now=tx.now) if is_asked else None
    order = queries.insert_order(tx, order, asks_at=asks_at)
    entitlements.hold(tx, order)
    redemptions.redeem(tx, quote.coupons, order_id=order.id, customer=customer)
    events.note_each(tx, [*((TYPES[event.kind], order) for event in order.events), *moved], actor=buyer)
    letters.note_placed(tx, order)
    return order if order.due else deliver(tx, order)


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


def _terms(draft: OrderDraft, portions: Sequence[Portion]) -> Terms:
    is_shipped = any(portion.variant.physical for portion in portions)
    place = destination(draft.shipping_address, draft.billing_address, is_shipped=is_shipped)
    return Terms(
        country=place.country if place else None,
        region=place.region if place else None,
        shipping_method=draft.shipping_method,
        coupons=draft.coupons,
    )


def _check(quote: Quote, draft: OrderDraft, *, currency: str) -> None:
    """Refuse an order of which anything differs from what its buyer has asked for."""
    if quote.needs_shipping and draft.shipping_address is None:
        raise AddressRequired.at("/shipping_address")
    quotes.check_shipping(quote)
    quotes.check_coupons(quote)
    expected, total = draft.expected_total, Money(quote.sums.total, currency)
    if expected is not None and expected.amount != total.amount:
        raise PriceChanged(f"The total is now {written(total)}.", total=total, quote=quote)


def _new(
    tx: Transaction,
    draft: OrderDraft,
    quote: Quote,
    *,
    order_id: str,
    buyer: Viewer,
    tariff: Tariff,
) -> Order:
    sums, chosen = quote.sums, quote.shipping
    placed, paid = Event(tx.now, "placed", buyer.id), Event(tx.now, "paid", buyer.id)
    return Order(
        id=order_id,
        account_id=buyer.account_id,
        email=draft.email or buyer.email,
        currency=tariff.currency,
        subtotal=sums.subtotal,
        discount=sums.discount,
        shipping=sums.shipping,
        shipping_tax=sums.shipping_tax,
        tax=sums.tax,
        total=sums.total,
        prices_include_tax=tariff.prices_include_tax,
        taxes=sums.taxes,
        coupons=tuple(CouponUse(code, amount) for code, amount in sums.coupons),
        shipping_method=ChosenShipping(chosen.method.id, chosen.method.name, chosen.price)
        if chosen
        else None,
        shipping_address=draft.shipping_address,
        billing_address=draft.billing_address,
        tax_id=draft.tax_id,
        note=draft.note,
        placed_at=tx.now,
        updated_at=tx.now,
        lines=tuple(map(_line, range(len(sums.lines)), quote.portions, sums.lines)),
        events=(placed,) if sums.total else (placed, paid),
    )


def _line(position: int, portion: Portion, priced: PricedLine) -> OrderLine:
    variant, quantity = portion.variant, portion.quantity
    return OrderLine(
        position=position,
        variant_id=variant.id,
        sku=variant.sku,
        name=variant.full_name,
        quantity=quantity,
        unit_price=variant.price.amount,
        total=priced.total,
        discount=priced.discount,
        tax=priced.tax,
        tax_class=variant.tax_class,
        weight_g=variant.weight_g,
        physical=variant.physical,
        downloads=variant.downloads,
    )
