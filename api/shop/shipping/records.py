"""Shipping methods, as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.shop.money import AmountBody, Money, money_example
from api.shop.variants.records import STANDARD, TaxClass
from api.text.countries import Country
from api.text.fields import Label, Title, id_example

MethodStatus = Literal["active", "retired"]

Countries = Annotated[
    tuple[Country, ...],
    Meta(max_length=250, description="Empty: wherever no other method goes.", examples=[["DE", "FR"]]),
]
Regions = Annotated[
    tuple[Label, ...],
    Meta(max_length=100, description="Of these countries; empty: all of them.", examples=[[]]),
]


class Bracket(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A price of parcels up to a weight, besides that of the method."""

    up_to_g: Annotated[int, Meta(ge=1, le=1_000_000_000, examples=[2_000])]
    price: AmountBody


Brackets = Annotated[
    tuple[Bracket, ...],
    Meta(max_length=50, description="Heavier parcels are not taken; empty: any weight.", examples=[[]]),
]
Position = Annotated[int, Meta(ge=0, le=1_000_000, description="The lowest comes first.", examples=[0])]


class ShippingMethodDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way of shipping."""

    name: Annotated[Title, Meta(examples=["Parcel"])]
    countries: Countries = ()
    regions: Regions = ()
    price: AmountBody
    free_over: Annotated[
        AmountBody | None,
        Meta(description="What the goods must cost, after discounts, to be shipped free.", examples=[None]),
    ] = None
    brackets: Brackets = ()
    tax_class: TaxClass = STANDARD
    position: Position = 0
    status: Annotated[MethodStatus, Meta(examples=["active"])] = "active"


class BracketView(Struct, frozen=True):
    """A price of parcels up to a weight, besides that of the method."""

    up_to_g: Annotated[int, Meta(examples=[2_000])]
    price: Annotated[Money, money_example(0)]


class ShippingMethod(Struct, frozen=True, kw_only=True):
    """A way of shipping."""

    id: Annotated[str, id_example("shm")]
    name: Annotated[str, Meta(examples=["Parcel"])]
    countries: Annotated[tuple[str, ...], Meta(examples=[["DE", "FR"]])]
    regions: Annotated[tuple[str, ...], Meta(examples=[[]])]
    price: Annotated[Money, money_example(490)]
    free_over: Annotated[Money | None, Meta(examples=[None])]
    brackets: tuple[BracketView, ...]
    tax_class: Annotated[str, Meta(examples=["standard"])]
    position: Annotated[int, Meta(examples=[0])]
    status: Annotated[MethodStatus, Meta(examples=["active"])]
