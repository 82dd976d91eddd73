"""Quotes: what a buyer asks besides the goods, and what all of it comes to."""

from __future__ import annotations

from msgspec import Struct

from api.shop.coupons.records import Coupon, Judgement
from api.shop.pricing.records import Priced
from api.shop.shipping.records import ShippingMethod
from api.shop.stock.rules import Portion


class Terms(Struct, frozen=True, kw_only=True):
    """The place of delivery, or None for the shop's own country, and what the buyer chose."""

    country: str | None = None
    region: str | None = None
    shipping_method: str | None = None
    coupons: tuple[str, ...] = ()


class ShippingOption(Struct, frozen=True):
    """A shipping method, and what it costs for these goods and these coupons."""

    method: ShippingMethod
    price: int


class Quote(Struct, frozen=True, kw_only=True):
    """The sums of an order, and how they came about; `sums.lines` are those of `portions`.

    `shipping` is the option that was chosen, or else the first one: None where nothing is shipped, or where
    no method goes.
    """

    portions: tuple[Portion, ...]
    sums: Priced
    shipping_options: tuple[ShippingOption, ...]
    shipping: ShippingOption | None
    needs_shipping: bool
    """True if anything is physical, in a shop that has shipping methods."""
    judgements: tuple[Judgement, ...]
    """Of the coupons that were sent, in their order."""

    @property
    def coupons(self) -> list[Coupon]:
        """The coupons that apply."""
        return [each.coupon for each in self.judgements if each.coupon and each.reason is None]
