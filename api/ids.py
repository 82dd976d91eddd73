"""Public ids: a prefix for the kind, then 26 characters that sort by creation (the layout of a ULID)."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from datetime import UTC, datetime, timedelta

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case, without i, l, o and u, which are easily misread."""

PATTERN = f"[{ALPHABET}]{{26}}"

LONGEST_INDEXED = 1_000

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_REMEMBERED = 64

_latest: dict[int, int] = {}  # millisecond → the last number of an id made in it, oldest first
_lock = threading.Lock()


def new_id(prefix: str, at: datetime | None = None) -> str:
    """A new id such as `ord_01k…` for that time, or for now.

    Within a millisecond, ids of one process still sort in the order in which they were made.
    """
    passed = (datetime.now(UTC) if at is None else at) - _EPOCH
    milliseconds = max(0, passed // _MILLISECOND)
    with _lock:
        last = _latest.pop(milliseconds, None)
        if last is None:
            number = milliseconds << 80 | secrets.randbits(80)
        else:
            number = last + 1 + int.from_bytes(os.urandom(4))
        _latest[milliseconds] = number
        if len(_latest) > _REMEMBERED:
            del _latest[next(iter(_latest))]
    return f"{prefix}_{_base32(number)}"


def placed_id(prefix: str, at: datetime, place: int) -> str:
    """The id that sorts by `place`, a number of 80 bits, among those of its millisecond."""
    return f"{prefix}_{_base32(max(0, (at - _EPOCH) // _MILLISECOND) << 80 | place)}"


def first_id(prefix: str, at: datetime, *, milliseconds: int = 0) -> str:
    """The least id of so many milliseconds after that time: all that were made before sort before it."""
    passed = (at - _EPOCH) // _MILLISECOND + milliseconds
    return f"{prefix}_{_base32(max(0, passed) << 80)}"


def indexable(text: str) -> str:
    """`text`, or a hash in place of a long one: PostgreSQL indexes at most 2,700 bytes."""
    raw = text.encode()
    return text if len(raw) <= LONGEST_INDEXED else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _base32(number: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
