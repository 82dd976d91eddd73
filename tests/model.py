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
    total: int
    paid: int = 0
    cancelled: bool = False
    expired: bool = False
    sent: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    """Units that came from a count and have not gone back."""

    @property
    def payment_status(self) -> str:
        return "paid" if self.paid == self.total else "partly_paid" if self.paid else "unpaid"

    @property
    def fulfilment_status(self) -> str:
        return "fulfilled" if self.sent == self.lines else "partial" if self.sent else "none"

    @property
    def order_status(self) -> str:
        done = (self.payment_status, self.fulfilment_status) == ("paid", "fulfilled")
        ended = "cancelled" if self.cancelled else "expired" if self.expired else None
        return ended or ("completed" if done else "open")

    @property
    def statuses(self) -> tuple[str, str, str]:
        return self.order_status, self.payment_status, self.fulfilment_status


def summed(wanted: list[tuple[str, int]]) -> dict[str, int]:
    return {sku: sum(n for other, n in wanted if other == sku) for sku, _ in wanted}


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
