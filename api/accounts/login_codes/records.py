"""Codes to log in with, as they are stored."""

from __future__ import annotations

from msgspec import Struct


class LoginCode(Struct, frozen=True):
    """A code that was mailed to an account, of which only the hash is stored."""

    id: str
    account_id: str | None
    """Null until the mail is written, and for good where there is no such account."""
    email: str | None
    code_hash: bytes | None
