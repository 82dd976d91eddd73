"""Payments as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class Payment:
    """Money taken for an order."""

    id: str
    provider: str
    state: str
    method: str
    amount: int
    currency: str
    reference: str | None
    created_at: Instant
