"""Logins and sessions as JSON."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from api.accounts.profiles import records
from api.accounts.profiles.schemas import AccountView, Email, Password
from api.accounts.sessions import records as sessions_records
from api.accounts.sessions.rules import NewSession
from api.text.fields import Time
from api.web.paging import PageQuery


class LoginBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A login."""

    email: Email
    password: Password


class LoginView(msgspec.Struct):
    """A fresh session and its token, which is not shown again."""

    token: str
    expires_at: Time
    account: AccountView

    @classmethod
    def of(cls, session: NewSession, account: records.Account) -> LoginView:
        """What a login answers."""
        return cls(session.token, session.expires_at, AccountView.of(account))


class SessionView(msgspec.Struct):
    """A session; `current` is the one that asks."""

    id: str
    created_at: Time
    last_used_at: Time
    expires_at: Time
    user_agent: str | None
    current: bool

    @classmethod
    def of(cls, session: sessions_records.Session, *, current_id: str | None) -> SessionView:
        """`session` as it is shown to the session `current_id`."""
        return cls(
            id=session.id,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            expires_at=session.expires_at,
            user_agent=session.user_agent,
            current=session.id == current_id,
        )


class SessionsQuery(PageQuery):
    """A page of sessions."""

    prefix: ClassVar[str] = "ses"
