"""Instants as strings: RFC 3339 in UTC with milliseconds, which sorts in SQL and needs no change in JSON."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NewType

Instant = NewType("Instant", str)
"""`2026-11-22T09:30:00.000Z`, always 24 characters."""

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


def now() -> Instant:
    """The current instant by the system clock."""
    second, millisecond = divmod(time.time_ns() // 1_000_000, 1000)
    return Instant(f"{_second(second)}.{millisecond:03d}Z")


def instant(moment: datetime) -> Instant:
    """An aware datetime as an instant, clamped to the years 1–9999 in UTC."""
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = EARLIEST if moment.year == 1 else LATEST
    return Instant(utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z")


@lru_cache(8)  # that of a transaction, for each of its ids
def moment(text: Instant) -> datetime:
    """The datetime of an instant, in UTC."""
    return datetime.fromisoformat(text)


def later(text: Instant, **delta: float) -> Instant:
    """An instant later by a timedelta's arguments: `later(tx.now, days=7)`; negative values go back."""
    second = _later_second(text[:19], **delta)
    if second is not None:
        return Instant(second + text[19:])
    moved = datetime.fromisoformat(text[:-1]) + timedelta(**delta)  # without a zone, which takes longer
    return Instant(moved.isoformat(timespec="milliseconds") + "Z")


@lru_cache(64)  # the limits of many requests in one second
def _later_second(second: str, **delta: float) -> str | None:
    """The second that is later by whole seconds; None if those are not whole."""
    moved = datetime.fromisoformat(second) + timedelta(**delta)
    return None if moved.microsecond else moved.isoformat()


@lru_cache(4)
def _second(since_1970: int) -> str:
    return datetime.fromtimestamp(since_1970, UTC).replace(tzinfo=None).isoformat()


def seconds_between(start: Instant, end: Instant) -> float:
    """Seconds from `start` to `end`, negative when `end` is earlier."""
    return (moment(end) - moment(start)).total_seconds()
