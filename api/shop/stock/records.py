"""The records of stock: movements, which are the lines of the ledger."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.text.fields import Time, id_example

Reason = Literal[
    "initial",
    "receive",
    "return",
    "adjust",
    "loss",
    "order",
    "cancellation",
    "expiry",
    "import",
    "tracked",
    "untracked",
]


class Movement(msgspec.Struct, frozen=True, rename={"order_id": "order", "by_account": "by"}):
    """Units added to stock (`delta` above 0) or removed, or 0 where counting began or ended with none."""

    id: Annotated[str, id_example("mov")]
    delta: Annotated[int, Meta(examples=[40])]
    reason: Annotated[Reason, Meta(examples=["receive"])]
    note: Annotated[str | None, Meta(examples=["Two boxes of twenty."])]
    order_id: Annotated[str | None, Meta(examples=[None])]
    by_account: Annotated[str | None, id_example("acc")]
    created_at: Time
