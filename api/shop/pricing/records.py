"""Baskets and their sums. All amounts are minor units of the shop's currency."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

CouponKind = Literal["percent", "fixed", "free_shipping"]


class Line(Struct, frozen=True):
    """Units of one variant."""

    quantity: int
    unit_price: int
    tax_class: str = "standard"


class Coupon(Struct, frozen=True):
    """A coupon that applies to the lines at these indexes: it takes `percent`, or `amount`, off them."""

    code: str
    kind: CouponKind
    percent: int | None = None
    amount: int | None = None
    lines: tuple[int, ...] = ()


class Rate(Struct, frozen=True):
    """A tax by its name; the rate in millionths."""

    name: str
    rate: int


class Discounts(Struct, frozen=True):
    """The amount that coupons take off each line, and that each coupon takes off in all."""

    lines: tuple[int, ...]
    coupons: tuple[tuple[str, int], ...]
    shipping_is_free: bool


class PricedLine(Struct, frozen=True):
    """A line's `total` before its `discount`, and the tax in it or, where prices exclude tax, on it."""

    total: int
    discount: int
    tax: int


class Tax(Struct, frozen=True):
    """The tax of one rate in the whole order: `amount` on `net`."""

    name: str
    rate: int
    net: int
    amount: int


class Priced(Struct, frozen=True, kw_only=True):
    """The sums of a basket. The discount is that of the lines; free shipping is `shipping` 0."""

    lines: tuple[PricedLine, ...]
    subtotal: int
    discount: int
    shipping: int
    shipping_tax: int
    tax: int
    taxes: tuple[Tax, ...]
    coupons: tuple[tuple[str, int], ...]
    """Code and amount, in the order in which they were taken off."""
    total: int
