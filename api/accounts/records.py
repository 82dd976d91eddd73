"""What the queries of accounts return."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class Account:
    """One account as stored, without its password."""

    id: str
    email: str
    email_verified_at: Instant | None
    name: str
    role: str
    status: str
    created_at: Instant
