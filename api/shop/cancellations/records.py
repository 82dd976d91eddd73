"""Cancellations, as somebody asks for one."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.shop.variants.records import Sku
from api.text.fields import Summary


class CancelledUnits(Struct, frozen=True, forbid_unknown_fields=True):
    """The number of units of a sku that are cancelled in all once this is done."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=0, le=1_000_000, examples=[1])]


CancelledLines = Annotated[tuple[CancelledUnits, ...], Meta(min_length=1, max_length=100)]


class CancellationDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A cancellation; the same again changes nothing."""

    lines: Annotated[
        CancelledLines | None, Meta(description="null: every unit that was not sent.", examples=[None])
    ] = None
    reason: Annotated[Summary, Meta(examples=["Ordered twice."])] | None = None
