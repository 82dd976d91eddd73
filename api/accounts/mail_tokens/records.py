"""Tokens in the links of mails, as they are stored."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.times import Instant

Purpose = Literal["verify", "reset", "change", "restore"]


class MailToken(Struct, frozen=True, kw_only=True):
    """A token, of which only the hash is stored."""

    mail_id: str
    purpose: Purpose
    account_id: str
    email: str
    """The address that the mail goes to."""
    email_key: str
    fingerprint: bytes | None
    """That of the password, with which the token ends; null if it outlives it."""
    expires_at: Instant
    used_at: Instant | None
