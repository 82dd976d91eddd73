"""Shipping methods as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from api.ids import PATTERN
from api.shop.money import AmountBody
from api.shop.shipping.records import ShippingMethodDraft
from api.web.paging import PageQuery
from api.web.patches import patch_of

AmountPatch = patch_of(AmountBody)
AmountChange = Annotated[AmountPatch | None, Meta(examples=[None])]  # type: ignore[valid-type]  # derived
ShippingMethodPatch = patch_of(ShippingMethodDraft, price=AmountPatch, free_over=AmountChange)

_DIGITS = 7
PositionCursor = Annotated[str, Meta(pattern=rf"^[0-9]{{{_DIGITS}}}{PATTERN}\Z")]


class ShippingMethodsQuery(PageQuery):
    """A page of shipping methods by position."""

    after: PositionCursor | None = None

    def position(self) -> tuple[int, str]:
        """The position after which the page starts, and the id among those that share it."""
        if self.after is None:
            return -1, ""
        return int(self.after[:_DIGITS]), f"shm_{self.after[_DIGITS:]}"

    def cursor(self, row: Any) -> str:
        """The cursor of the rows after `row`."""
        return f"{row.position:0{_DIGITS}}{row.id.removeprefix('shm_')}"


class CountryView(Struct):
    """A country, and whether anything is shipped there."""

    code: Annotated[str, Meta(examples=["FR"])]
    name: Annotated[
        str, Meta(description="In the language that Accept-Language asks for.", examples=["France"])
    ]
    ships: Annotated[bool, Meta(examples=[True])]
