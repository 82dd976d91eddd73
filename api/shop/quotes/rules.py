"""Quotes: the one place where goods, coupons, shipping and tax become a sum, for a quote or for an order.

An order calls `priced` with the portions that it has taken from stock, checks that all it asked for holds
(`check_coupons`, `check_shipping`), redeems the coupons, and is what a quote of that moment said.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.settings.shop import Tariff
from api.shop.coupons.judging import judge
from api.shop.coupons.records import Customer, Judgement
from api.shop.coupons.redemptions.rules import CouponNotApplicable
from api.shop.money import TOTAL_MOST, Money, TotalTooLarge, check_currency
from api.shop.orders.records import LineDraft
from api.shop.pricing.records import Coupon, Discounts, Line
from api.shop.pricing.sums import Rates, discounted, price
from api.shop.quotes.portions import portions_of
from api.shop.quotes.records import Quote, ShippingOption, Terms
from api.shop.shipping import queries as shipping
from api.shop.shipping.records import ShippingMethod
from api.shop.shipping.rules import ShippingUnavailable, offered
from api.shop.stock.rules import Portion
from api.shop.taxes.rules import rates_at
from api.shop.variants.records import STANDARD
from api.storage import Transaction


def quote(
    tx: Transaction, lines: Sequence[LineDraft], terms: Terms, *, tariff: Tariff, customer: Customer
) -> Quote:
    """The quote for these lines, in stock or not; raises UnknownItem and as `priced` does."""
    return priced(tx, portions_of(tx, lines), terms, tariff=tariff, customer=customer)


def priced(
    tx: Transaction, portions: Sequence[Portion], terms: Terms, *, tariff: Tariff, customer: Customer
) -> Quote:
    """The quote for these portions, which are read already; nothing is stored, taken or locked.

    Raises CurrencyMismatch, TotalTooLarge, and ShippingUnavailable for a method that was chosen and does not
    take them. Coupons that do not apply are left out of the sums.
    """
    prices = {f"/lines/{line}/sku": portion.variant.price for portion in portions for line in portion.lines}
    check_currency(prices, currency=tariff.currency)
    lines = [_line(portion) for portion in portions]
    subtotal = sum(line.quantity * line.unit_price for line in lines)
    variants = [portion.variant for portion in portions]
    judgements = judge(
        tx,
        terms.coupons,
        variants=variants,
        subtotal=Money(subtotal, tariff.currency),
        customer=customer,
    )
    discounts = discounted(lines, [_applied(each) for each in judgements if each.reason is None])
    shipped = [portion for portion in portions if portion.variant.physical]
    methods = shipping.list_active(tx, currency=tariff.currency) if shipped else []
    goods = subtotal - sum(discounts.lines)
    options = _options(shipped, methods, discounts, terms, goods=goods, home=tariff.country)
    chosen = _chosen(options, terms.shipping_method) if shipped else None
    sums = price(
        lines,
        discounts,
        rates=_rates(tx, terms, tariff),
        include_tax=tariff.prices_include_tax,
        shipping=chosen.price if chosen else 0,
        shipping_class=chosen.method.tax_class if chosen else STANDARD,
    )
    if sums.total > TOTAL_MOST:
        raise TotalTooLarge
    return Quote(
        portions=tuple(portions),
        sums=sums,
        shipping_options=tuple(options),
        shipping=chosen,
        needs_shipping=bool(methods),
        judgements=tuple(judgements),
    )


def check_coupons(quote: Quote) -> None:
    """CouponNotApplicable for the first of the coupons that does not apply."""
    for each in quote.judgements:
        if each.reason is not None:
            detail = f"The coupon {each.code} does not apply: {each.reason}."
            raise CouponNotApplicable.at(f"/coupons/{each.position}", detail, reason=each.reason)


def check_shipping(quote: Quote) -> None:
    """ShippingUnavailable if something must be shipped and no method takes it there."""
    if quote.needs_shipping and quote.shipping is None:
        raise ShippingUnavailable


def _line(portion: Portion) -> Line:
    variant = portion.variant
    return Line(portion.quantity, variant.price.amount, variant.tax_class)


def _applied(judgement: Judgement) -> Coupon:
    coupon = judgement.coupon
    assert coupon is not None  # noqa: S101  # one that applies is there
    amount = coupon.amount.amount if coupon.amount else None
    return Coupon(coupon.code, coupon.kind, coupon.percent, amount, judgement.lines)


def _options(
    shipped: Sequence[Portion],
    methods: Sequence[ShippingMethod],
    discounts: Discounts,
    terms: Terms,
    *,
    goods: int,
    home: str,
) -> list[ShippingOption]:
    """The methods that take these portions to the place, each with its price."""
    weight = sum(portion.quantity * (portion.variant.weight_g or 0) for portion in shipped)
    country, region = (terms.country, terms.region) if terms.country else (home, None)
    options = offered(methods, country=country, region=region, goods=goods, weight_g=weight)
    return [ShippingOption(method, 0 if discounts.shipping_is_free else cost) for method, cost in options]


def _chosen(options: Sequence[ShippingOption], method_id: str | None) -> ShippingOption | None:
    if method_id is None:
        return options[0] if options else None
    for option in options:
        if option.method.id == method_id:
            return option
    raise ShippingUnavailable.at("/shipping_method", "This shipping method does not take these goods there.")


def _rates(tx: Transaction, terms: Terms, tariff: Tariff) -> Rates:
    if tariff.taxed_at_destination and terms.country:
        return rates_at(tx, country=terms.country, region=terms.region)
    return rates_at(tx, country=tariff.country, region=None)
