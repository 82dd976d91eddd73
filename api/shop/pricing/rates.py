"""Rates of tax: text in percent outside, millionths inside, so that 8.875 % is a whole number."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

WHOLE = 1_000_000
"""100 percent."""

_PLACES = 4

Percent = Annotated[
    str,
    Meta(
        pattern=r"^(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)\Z",
        description="Percent, from 0 to 100, with at most four decimals.",
        examples=["20"],
    ),
]


def millionths(percent: str) -> int:
    """The rate of a percentage: 88,750 of `8.875`."""
    units, _, decimals = percent.partition(".")
    return int(units + decimals.ljust(_PLACES, "0"))


def percent_of(rate: int) -> str:
    """The percentage of a rate, in its shortest form."""
    units, decimals = divmod(rate, 10**_PLACES)
    return f"{units}.{decimals:0{_PLACES}}".rstrip("0").rstrip(".")
