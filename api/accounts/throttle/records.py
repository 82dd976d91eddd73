"""Counted login failures as they are stored."""

from __future__ import annotations

from msgspec import Struct

from api.times import Instant


class Failures(Struct, frozen=True):
    """The number of failed attempts, and the instant from which their wait runs."""

    count: int
    since: Instant
