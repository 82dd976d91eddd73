"""The sums of an order: discounts first, then shipping, which may be free above an amount, then tax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lcm

from api.shop.pricing.arithmetic import half_up, spread
from api.shop.pricing.rates import WHOLE
from api.shop.pricing.records import Coupon, Discounts, Line, Priced, PricedLine, Rate, Tax

Rates = Mapping[str, Sequence[Rate]]
"""Class of tax → the rates of the place of delivery: several add up and never compound."""


def discounted(lines: Sequence[Line], coupons: Sequence[Coupon]) -> Discounts:
    """The discounts of these coupons: percentages by code, each of what is left, then amounts by code.

    No line falls below 0.
    """
    left = [line.quantity * line.unit_price for line in lines]
    off, taken = [0] * len(lines), []
    for coupon in sorted(coupons, key=_precedence):
        bases = [left[index] for index in coupon.lines]
        amount = min(_reduction(coupon, sum(bases)), sum(bases))
        for index, part in zip(coupon.lines, spread(amount, bases), strict=True):
            left[index] -= part
            off[index] += part
        taken.append((coupon.code, amount))
    free = any(coupon.kind == "free_shipping" for coupon in coupons)
    return Discounts(tuple(off), tuple(taken), free)


def price(
    lines: Sequence[Line],
    discounts: Discounts,
    *,
    rates: Rates,
    include_tax: bool,
    shipping: int = 0,
    shipping_class: str = "standard",
) -> Priced:
    """The sums of the lines after these discounts, with `shipping` unless a coupon makes it free."""
    totals = [line.quantity * line.unit_price for line in lines]
    left = [total - off for total, off in zip(totals, discounts.lines, strict=True)]
    shipping = 0 if discounts.shipping_is_free else shipping
    classes = [*(line.tax_class for line in lines), shipping_class]
    taxes, (*line_taxes, shipping_tax) = _taxes([*left, shipping], classes, rates, included=include_tax)
    tax = sum(each.amount for each in taxes)
    return Priced(
        lines=tuple(map(PricedLine, totals, discounts.lines, line_taxes)),
        subtotal=sum(totals),
        discount=sum(discounts.lines),
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=tax,
        taxes=taxes,
        coupons=discounts.coupons,
        total=sum(left) + shipping + (0 if include_tax else tax),
    )


def _precedence(coupon: Coupon) -> tuple[bool, str]:
    return coupon.kind != "percent", coupon.code.lower()


def _reduction(coupon: Coupon, base: int) -> int:
    if coupon.kind == "percent":
        return half_up(base * (coupon.percent or 0), 100)
    return coupon.amount or 0 if coupon.kind == "fixed" else 0


def _taxes(
    amounts: Sequence[int], classes: Sequence[str], rates: Rates, *, included: bool
) -> tuple[tuple[Tax, ...], list[int]]:
    """The tax of each rate, rounded once for the whole order, and its part in each of the amounts."""
    taxed: dict[Rate, list[tuple[int, int]]] = {}
    for index, tax_class in enumerate(classes):
        own = rates.get(tax_class, ())
        # Rates in a price divide it together; those on top of it are nothing to each other.
        divisor = WHOLE + sum(rate.rate for rate in own) if included else WHOLE
        for rate in own:
            taxed.setdefault(rate, []).append((index, divisor))
    parts, amount_of = [0] * len(amounts), dict[Rate, int]()
    for rate, places in taxed.items():
        common = lcm(*(divisor for _, divisor in places))
        bases = [amounts[index] * (common // divisor) for index, divisor in places]
        if any(bases):
            amount_of[rate] = half_up(sum(bases) * rate.rate, common)
            for (index, _), part in zip(places, spread(amount_of[rate], bases), strict=True):
                parts[index] += part
    if included:
        parts = _within(amounts, parts, [index for index, one in enumerate(classes) if rates.get(one)])
    nets = [amount - part if included else amount for amount, part in zip(amounts, parts, strict=True)]
    taxes = (
        Tax(rate.name, rate.rate, sum(nets[index] for index, _ in taxed[rate]), amount)
        for rate, amount in amount_of.items()
    )
    return tuple(taxes), parts


def _within(amounts: Sequence[int], parts: Sequence[int], taxed: Sequence[int]) -> list[int]:
    """The parts of several taxes, none above its amount: what is too much goes to others that are taxed."""
    within = [min(amount, part) for amount, part in zip(amounts, parts, strict=True)]
    left = sum(parts) - sum(within)
    for index in taxed:
        more = min(left, amounts[index] - within[index])
        within[index] += more
        left -= more
    return within
