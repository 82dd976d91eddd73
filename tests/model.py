"""What a shop and its people are, in plain Python: what the state machine holds the server against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    id: str
    email: str
    role: str = "customer"
    suspended: bool = False
    failures: int = 0
    sessions: list[Session] = field(default_factory=list)

    @property
    def keeps(self) -> bool:
        return self.role in ("shopkeeper", "owner")


@dataclass
class Session:
    person: Person
    token: str
    ended: bool = False


@dataclass
class Order:
    path: str
    buyer: Person
    lines: dict[str, int]
    prices: dict[str, int]
    paid: int = 0
    refunded: int = 0
    expired: bool = False
    sent: dict[str, int] = field(default_factory=dict)
    cancelled: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    """Units that came from a count and have not gone back."""

    @property
    def total(self) -> int:
        return self.worth(self.lines)

    @property
    def due(self) -> int:
        return max(0, self.total - self.worth(self.cancelled) - (self.paid - self.refunded))

    @property
    def remaining(self) -> dict[str, int]:
        left = {sku: n - self.sent.get(sku, 0) - self.cancelled.get(sku, 0) for sku, n in self.lines.items()}
        return {sku: n for sku, n in left.items() if n}

    @property
    def payment_status(self) -> str:
        if self.refunded and self.refunded == self.paid:
            return "refunded"
        if not self.due:
            return "partly_refunded" if self.refunded else "paid"
        return "partly_paid" if self.paid > self.refunded else "unpaid"

    @property
    def fulfilment_status(self) -> str:
        return "none" if not self.sent else "partial" if self.remaining else "fulfilled"

    @property
    def order_status(self) -> str:
        if self.cancelled == self.lines:
            return "cancelled"
        if self.fulfilment_status == "fulfilled" and not self.due:
            return "completed"
        return "expired" if self.expired else "open"

    @property
    def statuses(self) -> tuple[str, str, str]:
        return self.order_status, self.payment_status, self.fulfilment_status

    def worth(self, units: dict[str, int]) -> int:
        return sum(self.prices[sku] * n for sku, n in units.items())


def summed(wanted: list[tuple[str, int]]) -> dict[str, int]:
    return {sku: sum(n for other, n in wanted if other == sku) for sku, _ in wanted}


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
