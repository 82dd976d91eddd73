"""Logins and sessions as JSON."""

from __future__ import annotations

import msgspec

from api.accounts.profiles.records import Account
from api.accounts.profiles.schemas import Email, Password
from api.accounts.sessions.records import Session
from api.text.fields import Time
from api.web.views import view_of


class LoginBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A login."""

    email: Email
    password: Password


class LoginView(msgspec.Struct):
    """A new session and its token, which is not shown again."""

    token: str
    expires_at: Time
    account: Account


class SessionView(msgspec.Struct):
    """A session; `current` is the one that sent the request."""

    id: str
    created_at: Time
    last_used_at: Time
    expires_at: Time
    user_agent: str | None
    current: bool

    @classmethod
    def of(cls, session: Session, *, current_id: str | None) -> SessionView:
        """A session as the session `current_id` sees it."""
        return view_of(cls, session, current=session.id == current_id)
