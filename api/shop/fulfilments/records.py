"""Fulfilments, as a shopkeeper enters them and as they are stored and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.shop.orders.records import LineDrafts
from api.text.fields import Time, Title


class FulfilmentDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new fulfilment."""

    lines: Annotated[LineDrafts | None, Meta(description="The units sent; null: all that remain.")] = None
    carrier: Title | None = None
    tracking: Title | None = None


class FulfilmentLine(Struct, frozen=True):
    """Units of one sku that were sent."""

    sku: str
    quantity: int


class Fulfilment(Struct, frozen=True):
    """A part of an order that was sent or handed over."""

    id: str
    lines: tuple[FulfilmentLine, ...]
    carrier: str | None
    tracking: str | None
    created_at: Time
