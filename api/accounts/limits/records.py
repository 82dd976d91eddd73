"""Limits, and what has been used of one."""

from __future__ import annotations

from msgspec import Struct

from api.times import Instant


class Limit(Struct, frozen=True):
    """`most` uses of one `kind` by one subject, in `seconds` from the first."""

    kind: str
    most: int
    seconds: int


class Uses(Struct, frozen=True):
    """The uses counted until the window ends."""

    used: int
    until: Instant
