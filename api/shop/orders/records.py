"""Orders as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many of one sku, at the price and by the name of the moment."""

    position: int
    variant_id: str
    sku: str
    name: str
    quantity: int
    unit_price: int
    total: int
    fulfilled: int

    @property
    def remaining(self) -> int:
        """Units not sent yet."""
        return self.quantity - self.fulfilled


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order."""

    at: Instant
    kind: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a buyer asked for, and how far it is paid and sent; amounts are minor units of `currency`."""

    number: int
    id: str
    account_id: str | None
    email: str
    order_status: str
    payment_status: str
    fulfilment_status: str
    currency: str
    subtotal: int
    total: int
    paid: int
    note: str | None
    placed_at: Instant
    lines: tuple[OrderLine, ...]
    events: tuple[Event, ...]
