"""Sessions as they are stored."""

from __future__ import annotations

from msgspec import Struct

from api.text.fields import Time


class Session(Struct, frozen=True):
    """A login, without its token."""

    id: str
    created_at: Time
    last_used_at: Time
    expires_at: Time
    user_agent: str | None


class NewSession(Struct, frozen=True):
    """The token of a new session, which is not stored and so seen only once."""

    id: str
    token: str
    expires_at: Time
