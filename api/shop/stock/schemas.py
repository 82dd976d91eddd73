"""Stock movements as clients send them; a movement is shown as its record."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from api.errors import OutOfRange
from api.shop.variants.schemas import Body, Units
from api.text.fields import Summary


class MovementBody(Body):
    delta: Annotated[
        int,
        Meta(ge=-1_000_000_000, le=1_000_000_000, extra_json_schema={"not": {"const": 0}}, examples=[40]),
    ]
    reason: Annotated[Literal["receive", "return", "adjust", "loss"], Meta(examples=["receive"])]
    note: Annotated[Summary, Meta(examples=["Two boxes of twenty."])] | None = None

    def check(self) -> None:
        """OutOfRange for a delta of 0, which JSON Schema can forbid and msgspec cannot."""
        if self.delta == 0:
            raise OutOfRange.at("/delta", "Not 0.")


class TrackingBody(Body):
    available: Annotated[Units, Meta(description="The number of units in stock.")]
