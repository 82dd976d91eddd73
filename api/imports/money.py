"""Prices in minor units, from text: a float would lose cents."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

MAX_PRICE = 10**11
_NUMBER = re.compile(r"(?P<whole>[0-9]{0,15})(?:(?P<mark>[.,])(?P<fraction>[0-9]{1,15}))?")


class Price(NamedTuple):
    minor: int
    rounded: bool


def price(text: str, *, exponent: int) -> Price | None:
    """A price in minor units of a currency with `exponent` digits; None if blank, ValueError if malformed.

    Further digits are rounded half up, and `rounded` says so. A comma before three digits is ambiguous,
    and therefore wrong, unless the currency has three decimals.
    """
    text = text.strip()
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if not match or text in {".", ","}:
        raise ValueError(f"“{text[:100]}” is not a price")
    fraction = match["fraction"] or ""
    if match["mark"] == "," and len(fraction) == 3 != exponent:
        raise ValueError(f"“{text}” is ambiguous: thousands or a fraction; use a decimal point")
    exact = Decimal(f"{match['whole'] or '0'}.{fraction or '0'}").scaleb(exponent)
    minor = int(exact.to_integral_value(ROUND_HALF_UP))
    if minor > MAX_PRICE:
        raise ValueError(f"“{text}” is above the highest price")
    return Price(minor, rounded=exact != minor)
