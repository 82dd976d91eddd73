"""Logins and sessions as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.accounts.profiles.emails import Email
from api.accounts.profiles.records import Account
from api.accounts.profiles.schemas import Password
from api.accounts.sessions.records import Session
from api.text.fields import Time, id_example
from api.web.views import view_of

Expiry = Annotated[Time, Meta(examples=["2026-11-29T09:30:00.000Z"])]


class LoginBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A login."""

    email: Email
    password: Password


class ConfirmationBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A proof of whose session it is."""

    password: Password


class LoginView(msgspec.Struct):
    """A new session and its token, which is not shown again."""

    token: Annotated[str, Meta(examples=["dGhlIGhhcmJvdXIgaXMgZm9nZ3kgdG9kYXk_AAAAAAA"])]
    expires_at: Expiry
    account: Account


class SessionView(msgspec.Struct):
    """A session; `current` is the one that sent the request."""

    id: Annotated[str, id_example("ses")]
    created_at: Time
    last_used_at: Time
    expires_at: Expiry
    user_agent: Annotated[str | None, Meta(examples=["curl/8.5.0"])]
    current: Annotated[bool, Meta(examples=[True])]

    @classmethod
    def of(cls, session: Session, *, current_id: str | None) -> SessionView:
        """A session as the session `current_id` sees it."""
        return view_of(cls, session, current=session.id == current_id)
