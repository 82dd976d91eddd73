"""Fulfilments as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class FulfilmentLine:
    """So many of one sku, sent."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A part of an order that was sent, or handed over."""

    id: str
    carrier: str | None
    tracking: str | None
    created_at: Instant
    lines: tuple[FulfilmentLine, ...]
