"""The records of stock: movements, which are the lines of the ledger."""

from __future__ import annotations

from typing import Literal

import msgspec

from api.text.fields import Time

Reason = Literal["initial", "receive", "return", "adjust", "loss", "order", "cancellation", "import"]


class Movement(msgspec.Struct, frozen=True, rename={"order_id": "order", "by_account": "by"}):
    """Units added to stock (`delta` above 0) or removed."""

    id: str
    delta: int
    reason: Reason
    note: str | None
    order_id: str | None
    by_account: str | None
    created_at: Time
