"""API keys as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One API key as stored, without its secret."""

    id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: Instant
    last_used_at: Instant | None
    expires_at: Instant
