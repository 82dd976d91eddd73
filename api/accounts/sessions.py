"""Sessions: opaque tokens that a login gives and a logout ends at once, on every worker."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from api import times
from api.accounts import queries
from api.accounts.records import Account
from api.accounts.roles import CUSTOMER, Viewer
from api.database import Transaction
from api.errors import NotSignedIn
from api.ids import new_id
from api.times import Instant


class InvalidToken(NotSignedIn):
    """The token is unknown, expired or revoked, or its account is suspended."""

    code = "invalid-token"
    title = "Invalid token"
    remedy = "Log in again with POST /v1/sessions."
    challenge = ', error="invalid_token"'


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a login answers, the only time that the token is seen."""

    token: str
    expires_at: Instant


def start(tx: Transaction, *, account: Account, user_agent: str | None = None) -> NewSession:
    """Open a session for `account`: 30 days at most for customers, 12 hours for staff."""
    token = secrets.token_urlsafe(32)
    limit = {"days": 30} if account.role == CUSTOMER else {"hours": 12}
    expires_at = times.later(tx.now, **limit)
    queries.insert_session(
        tx,
        session_id=new_id("ses"),
        token_hash=digest(token),
        account_id=account.id,
        expires_at=expires_at,
        user_agent=user_agent,
    )
    return NewSession(token=token, expires_at=expires_at)


def identify(tx: Transaction, *, token: str) -> Viewer:
    """Whose session `token` is, or InvalidToken."""
    found = queries.find_session_viewer(tx, token_hash=digest(token))
    if found is None:
        raise InvalidToken
    return found


def digest(token: str) -> bytes:
    """What is stored of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()
