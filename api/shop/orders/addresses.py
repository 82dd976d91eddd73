"""Postal addresses, as buyers write them and as orders keep them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.text.countries import Country
from api.text.fields import LINE

_Part = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place for goods or the invoice. Which parts an address has depends on its country."""

    name: Annotated[_Part, Meta(examples=["Ada Lovelace"])]
    company: Annotated[_Part | None, Meta(examples=[None])] = None
    line1: Annotated[_Part, Meta(examples=["12 Harbour Street"])]
    line2: Annotated[_Part | None, Meta(examples=[None])] = None
    city: Annotated[_Part, Meta(examples=["Brest"])]
    region: Annotated[_Part | None, Meta(examples=[None])] = None
    postcode: Annotated[str, Meta(min_length=1, max_length=20, pattern=LINE, examples=["29200"])] | None = (
        None
    )
    country: Annotated[Country, Meta(examples=["FR"])]
    phone: (
        Annotated[str, Meta(min_length=1, max_length=40, pattern=LINE, examples=["+33 2 98 00 00 00"])] | None
    ) = None


def destination(shipping: Address | None, billing: Address | None, *, is_shipped: bool) -> Address | None:
    """Where an order goes: what nobody ships goes to where its buyer is, which the invoice says."""
    return shipping or (None if is_shipped else billing)
