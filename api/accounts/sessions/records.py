"""Sessions and failed logins as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant


@dataclass(frozen=True, slots=True)
class Session:
    """One login as stored, without its token."""

    id: str
    created_at: Instant
    last_used_at: Instant
    expires_at: Instant
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failed attempts are counted, and since when their wait runs."""

    count: int
    since: Instant
