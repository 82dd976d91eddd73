"""Stock movements as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from api.errors import FieldError
from api.shop.stock.records import Movement
from api.shop.variants.schemas import Body
from api.text.fields import Summary, Time
from api.web.paging import PageQuery
from api.web.validation import OutOfRange


class MovementBody(Body):
    delta: Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000, extra_json_schema={"not": {"const": 0}})]
    reason: Literal["receive", "return", "adjust", "loss"]
    note: Summary | None = None

    def check(self) -> None:
        """OutOfRange for a delta of 0, which JSON Schema can say and our types cannot."""
        if self.delta == 0:
            error = FieldError(code=OutOfRange.code, detail="Not 0.", pointer="/delta")
            raise OutOfRange(error.detail, errors=(error,))


class MovementView(msgspec.Struct):
    id: str
    delta: int
    reason: Literal["initial", "receive", "return", "adjust", "loss", "order", "cancellation", "import"]
    note: str | None
    order: str | None
    by: str | None
    created_at: Time

    @classmethod
    def of(cls, movement: Movement) -> MovementView:
        """A line of the ledger."""
        return cls(
            id=movement.id,
            delta=movement.delta,
            reason=movement.reason,  # type: ignore[arg-type]  # the table has a CHECK
            note=movement.note,
            order=movement.order_id,
            by=movement.by,
            created_at=movement.created_at,
        )


class MovementsQuery(PageQuery):
    """A page of stock movements."""

    prefix: ClassVar[str] = "mov"
