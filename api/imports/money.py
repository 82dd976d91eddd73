"""Prices in minor units, from text: a float would lose cents."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

MAX_PRICE = 10**11
_NUMBER = re.compile(r"[0-9]{0,15}(?:[.,][0-9]{1,15})*")
_GROUP_BLANK = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")


class Price(NamedTuple):
    minor: int
    rounded: bool


class Notation(NamedTuple):
    """The marks of a file; None where it has not shown them."""

    decimal: str | None = None
    thousands: str | None = None


def notation(prices: Iterable[str]) -> Notation:
    """The marks that these prices show where they can be read in one way only."""
    decimals, thousands = set[str](), set[str]()
    for written in prices:
        number = _without_blanks(written)
        marks = re.findall(r"[.,]", number)
        if not marks or not _NUMBER.fullmatch(number):
            continue
        if len(set(marks)) == 2 or len(marks) > 1:
            thousands.add(marks[0])
        if marks.count(marks[-1]) == 1 and (len(set(marks)) == 2 or not _is_ambiguous(number)):
            decimals.add(marks[-1])
    decimal = decimals.pop() if len(decimals) == 1 and not decimals & thousands else None
    group = thousands.pop() if len(thousands) == 1 else None
    if decimal and not group:
        group = "." if decimal == "," else ","
    return Notation(decimal, group if group != decimal else None)


def price(text: str, *, exponent: int, notation: Notation = Notation()) -> Price | None:  # noqa: B008
    """A price in minor units of a currency with `exponent` digits; None if blank, ValueError if malformed.

    Further digits are rounded half up, and `rounded` says so. Three digits after the only mark are a fraction
    or thousands: as the rest of the file has it, or else as the currency's decimals do. If neither decides,
    the price is wrong.
    """
    text = text.strip()
    if not text:
        return None
    exact = Decimal(_decimal(text, exponent, notation)).scaleb(exponent)
    minor = int(exact.to_integral_value(ROUND_HALF_UP))
    if minor > MAX_PRICE:
        raise ValueError(f"“{text}” is above the highest price")
    return Price(minor, rounded=exact != minor)


def _decimal(text: str, exponent: int, notation: Notation) -> str:
    number = _without_blanks(text)
    if not _NUMBER.fullmatch(number) or not any(map(str.isdigit, number)):
        raise _not_a_price(text)
    marks = re.findall(r"[.,]", number)
    if not marks:
        return number
    whole, _, fraction = number.rpartition(marks[-1])
    if len(set(marks)) == 2:
        if marks.count(marks[-1]) > 1 or not _GROUPED.fullmatch(whole):
            raise _not_a_price(text)
        return f"{_digits(whole)}.{fraction}"
    if len(marks) > 1 or (_is_ambiguous(number) and _has_thousands(number, marks[0], exponent, notation)):
        if not _GROUPED.fullmatch(number):
            raise _not_a_price(text)
        return _digits(number)
    return f"{whole or '0'}.{fraction}"


def _has_thousands(number: str, mark: str, exponent: int, notation: Notation) -> bool:
    if mark in notation:
        return mark == notation.thousands
    if exponent in {0, 3}:
        return exponent == 0
    raise ValueError(
        f"“{number}” is ambiguous: write {_digits(number)}.00 if these are thousands, and two decimals if not"
    )


def _is_ambiguous(number: str) -> bool:
    """One mark before exactly three digits, which may be thousands: not 0.125 or 1234.500."""
    return bool(re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", number))


def _without_blanks(text: str) -> str:
    """Without what some countries write between thousands: 1 299,00 and 1'299.00."""
    return _GROUP_BLANK.sub("", text.strip())


def _digits(number: str) -> str:
    return re.sub(r"[.,]", "", number)


def _not_a_price(text: str) -> ValueError:
    return ValueError(f"“{text[:100]}” is not a price: write it as 1299.00")
