"""Sessions: opaque tokens that a login gives and a logout ends at once, on every worker."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from api import times
from api.accounts.profiles.records import Account, Sighting
from api.accounts.roles import CUSTOMER
from api.accounts.sessions import queries
from api.accounts.sessions.records import Session
from api.errors import NotFound
from api.storage import Keyset, Transaction
from api.times import Instant

PREFIX = "ks_"
"""Of every token, so that none is taken for an API key, and those that leak can be searched for."""

LONGEST_USER_AGENT = 200
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a login answers, the only time that the token is seen."""

    token: str
    expires_at: Instant


def start(tx: Transaction, *, account: Account, user_agent: str | None = None) -> NewSession:
    """Open a session for `account`: 30 days at most for customers, 12 hours for staff."""
    token = PREFIX + secrets.token_urlsafe(32)
    expires_at = times.later(tx.now, seconds=_longest(account.role))
    queries.delete_expired_sessions(tx, account_id=account.id)
    queries.insert_session(
        tx,
        session_id=tx.new_id("ses"),
        token_hash=digest(token),
        account_id=account.id,
        expires_at=expires_at,
        user_agent=_CONTROL.sub("", user_agent)[:LONGEST_USER_AGENT] if user_agent is not None else None,
    )
    return NewSession(token=token, expires_at=expires_at)


def sighted(tx: Transaction, *, token: str) -> Sighting | None:
    """Whose live session `token` is."""
    return queries.find_sighting(tx, token_hash=digest(token), **_idle_limits(tx))


def list_live(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[Session]:
    """A page of the account's live sessions, newest first."""
    return queries.list_sessions(tx, page, account_id=account_id, **_idle_limits(tx))


def find(tx: Transaction, *, account_id: str, session_id: str) -> Session:
    """The account's live session of that id, or NotFound."""
    found = queries.find_session(tx, account_id=account_id, session_id=session_id, **_idle_limits(tx))
    if found is None:
        raise NotFound
    return found


def end(tx: Transaction, *, account_id: str, session_id: str) -> None:
    """End one session."""
    queries.delete_session(tx, account_id=account_id, session_id=session_id)


def end_others(tx: Transaction, *, account_id: str, kept_id: str | None = None) -> None:
    """End all sessions of the account but `kept_id`."""
    queries.delete_other_sessions(tx, account_id=account_id, kept_id=kept_id)


def shorten(tx: Transaction, *, account_id: str, role: str) -> None:
    """Hold the account's open sessions to what `role` allows from now on."""
    queries.update_expiry(tx, account_id=account_id, latest=times.later(tx.now, seconds=_longest(role)))


def digest(token: str) -> bytes:
    """What is stored of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def _longest(role: str) -> int:
    return 30 * _DAY if role == CUSTOMER else 12 * _HOUR


def _idle_limits(tx: Transaction) -> dict[str, Instant]:
    return {
        "customer_idle": times.later(tx.now, seconds=-7 * _DAY),
        "staff_idle": times.later(tx.now, seconds=-30 * _MINUTE),
    }
