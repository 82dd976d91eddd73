"""Quotes as JSON."""

from __future__ import annotations

from typing import Annotated, Self

from msgspec import Meta, Struct

from api.shop.coupons.records import Judgement, Reason, SentCodes
from api.shop.money import Money, money_example
from api.shop.orders.records import LineDrafts
from api.shop.orders.schemas import ShippingView, TaxView
from api.shop.pricing.rates import percent_of
from api.shop.pricing.records import PricedLine, Tax
from api.shop.quotes.records import Quote, ShippingOption, Terms
from api.shop.stock.rules import Portion
from api.text.countries import Country
from api.text.fields import LINE, NO_CONTROL, Label, id_example


class QuoteBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The goods of an order that might be, and their place: without a country, that of the shop."""

    lines: LineDrafts
    country: Annotated[Country | None, Meta(examples=["FR"])] = None
    region: Annotated[Label | None, Meta(examples=[None])] = None
    postcode: Annotated[
        Annotated[str, Meta(min_length=1, max_length=20, pattern=LINE)] | None, Meta(examples=[None])
    ] = None
    shipping_method: Annotated[
        Annotated[str, Meta(max_length=64, pattern=NO_CONTROL)] | None,
        Meta(description="Its id; by default, the first that goes there.", examples=[None]),
    ] = None
    coupons: SentCodes = ()
    tax_id: Annotated[
        Annotated[str, Meta(min_length=1, max_length=40, pattern=LINE)] | None, Meta(examples=[None])
    ] = None

    def terms(self) -> Terms:
        """The place of delivery, and the choices of the buyer."""
        return Terms(
            country=self.country,
            region=self.region,
            shipping_method=self.shipping_method,
            coupons=self.coupons,
        )


class QuoteLineView(Struct):
    """Units of one variant; `available` is how many there are, null where they are not counted."""

    sku: Annotated[str, Meta(examples=["mug-blue"])]
    variant: Annotated[str, id_example("var")]
    name: Annotated[str, Meta(examples=["Enamel mug – Blue"])]
    quantity: Annotated[int, Meta(examples=[2])]
    available: Annotated[int | None, Meta(examples=[38])]
    unit_price: Money
    total: Annotated[Money, money_example(3800)]
    discount: Annotated[Money, money_example(380)]
    tax: Annotated[Money, money_example(570)]

    @classmethod
    def of(cls, portion: Portion, line: PricedLine, currency: str) -> Self:
        """A line before its discount, its amounts in `currency`."""
        variant = portion.variant
        return cls(
            sku=variant.sku,
            variant=variant.id,
            name=variant.full_name,
            quantity=portion.quantity,
            available=variant.available if variant.tracked else None,
            unit_price=variant.price,
            total=Money(line.total, currency),
            discount=Money(line.discount, currency),
            tax=Money(line.tax, currency),
        )


class ShippingOptionView(Struct):
    """A way of shipping these goods there, for orders."""

    method: Annotated[str, id_example("shm")]
    name: Annotated[str, Meta(examples=["Parcel"])]
    price: Annotated[Money, money_example(490)]

    @classmethod
    def of(cls, option: ShippingOption, currency: str) -> Self:
        """An option, its price in `currency`."""
        return cls(option.method.id, option.method.name, Money(option.price, currency))


class AppliedCouponView(Struct):
    """A coupon that was sent: how much it takes off, or the reason why it does not apply."""

    code: Annotated[str, Meta(examples=["SPRING"])]
    applied: Annotated[bool, Meta(examples=[True])]
    reason: Annotated[Reason | None, Meta(examples=[None])]
    amount: Annotated[Money, money_example(380)]

    @classmethod
    def of(cls, judgement: Judgement, amounts: dict[str, int], currency: str) -> Self:
        """The coupon, its amount in `currency`."""
        amount = Money(amounts.get(judgement.code, 0), currency)
        return cls(judgement.code, judgement.reason is None, judgement.reason, amount)


class QuoteView(Struct):
    """The sums of an order if it were placed now."""

    lines: list[QuoteLineView]
    shipping_options: list[ShippingOptionView]
    shipping_method: ShippingView | None
    coupons: list[AppliedCouponView]
    prices_include_tax: Annotated[bool, Meta(examples=[True])]
    subtotal: Annotated[Money, money_example(3800)]
    discount: Annotated[Money, money_example(380)]
    shipping: Annotated[Money, money_example(490)]
    shipping_tax: Annotated[Money, money_example(82)]
    tax: Annotated[Money, money_example(652)]
    taxes: list[TaxView]
    total: Annotated[Money, money_example(3910)]

    @classmethod
    def of(cls, quote: Quote, *, currency: str, prices_include_tax: bool) -> Self:
        """A quote as everybody sees it, its amounts in `currency`."""
        sums = quote.sums
        amounts = dict(sums.coupons)
        chosen = quote.shipping
        return cls(
            lines=[
                QuoteLineView.of(portion, line, currency)
                for portion, line in zip(quote.portions, sums.lines, strict=True)
            ],
            shipping_options=[ShippingOptionView.of(option, currency) for option in quote.shipping_options],
            shipping_method=ShippingView(chosen.method.id, chosen.method.name, Money(chosen.price, currency))
            if chosen
            else None,
            coupons=[AppliedCouponView.of(each, amounts, currency) for each in quote.judgements],
            prices_include_tax=prices_include_tax,
            subtotal=Money(sums.subtotal, currency),
            discount=Money(sums.discount, currency),
            shipping=Money(sums.shipping, currency),
            shipping_tax=Money(sums.shipping_tax, currency),
            tax=Money(sums.tax, currency),
            taxes=[_tax(tax, currency) for tax in sums.taxes],
            total=Money(sums.total, currency),
        )


def _tax(tax: Tax, currency: str) -> TaxView:
    return TaxView(tax.name, percent_of(tax.rate), Money(tax.net, currency), Money(tax.amount, currency))
