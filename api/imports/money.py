"""Reads prices as text into minor units: a float would lose cents."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

MAX_PRICE = 10**11
_NUMBER = re.compile(r"(?P<whole>[0-9]{0,15})(?:(?P<mark>[.,])(?P<fraction>[0-9]{1,15}))?")


class Price(NamedTuple):
    minor: int
    rounded: bool


def price(text: str, *, exponent: int) -> Price | None:
    """A price in minor units of a currency with `exponent` digits; None if blank, ValueError if wrong.

    Digits past the exponent are rounded half up and told. A comma before three digits may be thousands or
    a fraction: wrong, unless the currency has three.
    """
    text = text.strip()
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if not found or text in {".", ","}:
        raise ValueError(f"“{text[:100]}” is not a price")
    fraction = found["fraction"] or ""
    if found["mark"] == "," and len(fraction) == 3 != exponent:
        raise ValueError(f"“{text}” could be thousands or a fraction; write it with a point")
    exact = Decimal(f"{found['whole'] or '0'}.{fraction or '0'}").scaleb(exponent)
    minor = int(exact.to_integral_value(ROUND_HALF_UP))
    if minor > MAX_PRICE:
        raise ValueError(f"“{text}” is more than a price may be")
    return Price(minor, rounded=exact != minor)
