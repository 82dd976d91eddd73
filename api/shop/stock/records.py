"""Stock movements as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the stock ledger."""

    id: str
    delta: int
    reason: str
    note: str | None
    order_id: str | None
    by: str | None
    created_at: Instant
