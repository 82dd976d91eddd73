"""Challenges as they are stored."""

from __future__ import annotations

from msgspec import Struct


class Challenge(Struct, frozen=True):
    """A login that waits for its second factor; only the hash of what the client sends is stored."""

    id: str
    account_id: str
    fingerprint: bytes
    """That of the password, with which it ends."""
