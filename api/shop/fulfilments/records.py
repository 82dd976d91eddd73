"""Fulfilments, as a shopkeeper enters them and as they are stored and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from api.shop.orders.records import LineDrafts
from api.text.fields import Time, Title, id_example


class FulfilmentDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new fulfilment."""

    lines: Annotated[LineDrafts | None, Meta(description="The units sent; null: all that remain.")] = None
    carrier: Annotated[Title, Meta(examples=["Harbour Post"])] | None = None
    tracking: Annotated[Title, Meta(examples=["HP 0042 7731"])] | None = None


class FulfilmentPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to a fulfilment: fields left out stay as they are, null clears a field."""

    carrier: Annotated[Title, Meta(examples=["Harbour Post"])] | UnsetType | None = UNSET
    tracking: Annotated[Title, Meta(examples=["HP 0042 7731"])] | UnsetType | None = UNSET


class FulfilmentLine(Struct, frozen=True):
    """Units of one sku that were sent."""

    sku: Annotated[str, Meta(examples=["mug-blue"])]
    quantity: Annotated[int, Meta(examples=[2])]


class Fulfilment(Struct, frozen=True):
    """A part of an order that was sent or handed over."""

    id: Annotated[str, id_example("ful")]
    lines: tuple[FulfilmentLine, ...]
    carrier: Annotated[str | None, Meta(examples=["Harbour Post"])]
    tracking: Annotated[str | None, Meta(examples=["HP 0042 7731"])]
    created_at: Time
