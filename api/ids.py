"""Public ids: a prefix that names the kind, then 26 characters that sort by creation (the ULID layout)."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, lower case: no i, l, o, u to misread."""

PATTERN = f"[{ALPHABET}]{{26}}"

LONGEST_INDEXED = 1_000

_last = 0
_lock = threading.Lock()


def new_id(prefix: str) -> str:
    """A fresh id such as `ord_01k…`; of one process, later ones sort after earlier ones."""
    global _last
    fresh = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    with _lock:
        _last = fresh if fresh >> 80 > _last >> 80 else _last + 1 + secrets.randbits(32)
        number = _last
    return f"{prefix}_{_base32(number)}"


def id_at(prefix: str, at: datetime) -> str:
    """A fresh id that sorts among those made at that time: for what was written elsewhere, and earlier."""
    milliseconds = max(0, int(at.timestamp() * 1000))
    return f"{prefix}_{_base32(milliseconds << 80 | secrets.randbits(80))}"


def indexable(text: str) -> str:
    """`text`, which others chose, or what stands for a long one: PostgreSQL indexes 2,700 bytes at most."""
    raw = text.encode()
    return text if len(raw) <= LONGEST_INDEXED else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _base32(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
