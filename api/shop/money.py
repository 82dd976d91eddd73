"""Money: whole minor units and a currency of ISO 4217, never a float."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from api.errors import Conflict

PRICE_MOST = 10**11
TOTAL_MOST = 10**12

_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
    "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "CLF": 4, "UYW": 4,
}  # fmt: skip


Currency = Annotated[
    str, Meta(pattern=r"^[A-Z]{3}\Z", description="ISO 4217; the shop has one currency.", examples=["EUR"])
]


class CurrencyMismatch(Conflict):
    """The amount is not in the shop's currency."""

    code, title = "currency-mismatch", "Currency mismatch"
    remedy = "Send the amount in the currency named by `currency`."


class TotalTooLarge(Conflict):
    """The total of the order is more than 10^12 minor units."""

    code, title = "total-too-large", "Total too large"
    remedy = "Split the order."


class AmountRequired(Conflict):
    """There is no amount yet that could be changed, and the one sent has no `amount`."""

    code, title = "amount-required", "Amount required"
    remedy = "Send `amount` too."


class Money(Struct, frozen=True):
    """`amount` minor units of `currency`."""

    amount: Annotated[int, Meta(examples=[1900])]
    currency: Annotated[str, Meta(examples=["EUR"])]


class AmountBody(Money, frozen=True, forbid_unknown_fields=True):
    """An amount that a shopkeeper sets."""

    amount: Annotated[int, Meta(ge=0, le=PRICE_MOST, description="Minor units.", examples=[490])]
    currency: Currency


def money_example(amount: int) -> Meta:
    """The example of an amount other than the price of one unit."""
    return Meta(examples=[{"amount": amount, "currency": "EUR"}])


def exponent(currency: str) -> int:
    """The number of decimals of an amount in `currency`."""
    return _EXPONENTS.get(currency, 2)


def written(money: Money) -> str:
    """For people: `19.99 EUR`."""
    digits = exponent(money.currency)
    whole, fraction = divmod(abs(money.amount), 10**digits)
    sign = "-" if money.amount < 0 else ""
    return f"{sign}{whole}{f'.{fraction:0{digits}}' if digits else ''} {money.currency}"


def merged_amount(before: Money | None, changes: Mapping[str, Any], *, currency: str, at: str) -> Money:
    """The amount with the changes of a patch, at that pointer in it; AmountRequired."""
    if before is None and "amount" not in changes:
        raise AmountRequired.at(at)
    return structs.replace(before or Money(0, currency), **changes)


def check_currency(amounts: Mapping[str, Money | None], *, currency: str) -> None:
    """CurrencyMismatch unless every amount is in `currency`, by its pointer; None is no amount."""
    foreign = [
        (pointer, f"The shop sells in {currency}, not in {money.currency}.")
        for pointer, money in amounts.items()
        if money is not None and money.currency != currency
    ]
    if foreign:
        raise CurrencyMismatch.at_each(foreign, currency=currency)
