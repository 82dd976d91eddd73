"""Fulfilments as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from api.shop.fulfilments.records import Fulfilment, FulfilmentLine
from api.shop.orders.schemas import Lines
from api.shop.variants.schemas import Body
from api.text.fields import Time, Title
from api.web.paging import PageQuery


class FulfilmentBody(Body):
    lines: Annotated[Lines | None, Meta(description="What was sent; null: all that remains.")] = None
    carrier: Title | None = None
    tracking: Title | None = None

    def sent(self) -> list[tuple[str, int]] | None:
        """Sku and quantity, line by line; None for all."""
        return None if self.lines is None else [(line.sku, line.quantity) for line in self.lines]


class FulfilmentView(msgspec.Struct):
    id: str
    lines: list[FulfilmentLine]
    carrier: str | None
    tracking: str | None
    created_at: Time

    @classmethod
    def of(cls, fulfilment: Fulfilment) -> FulfilmentView:
        """A fulfilment."""
        return cls(
            id=fulfilment.id,
            lines=list(fulfilment.lines),
            carrier=fulfilment.carrier,
            tracking=fulfilment.tracking,
            created_at=fulfilment.created_at,
        )


class FulfilmentsQuery(PageQuery):
    """A page of fulfilments."""

    prefix: ClassVar[str] = "ful"
