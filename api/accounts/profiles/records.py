"""What the queries of accounts return."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.roles import Viewer
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


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account and the hash of its password."""

    account: Account
    password_hash: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whose token it is, by which session or key; when that was last noted as used, and when it ends."""

    viewer: Viewer
    source_id: str
    last_used_at: Instant | None
    expires_at: Instant
