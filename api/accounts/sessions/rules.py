"""Sessions: opaque tokens that a login makes and a logout ends at once, on every worker."""

from __future__ import annotations

import hashlib
import re
import secrets

from api import times
from api.accounts.profiles.records import Account, Credential
from api.accounts.sessions import queries
from api.accounts.sessions.records import NewSession, Session
from api.errors import NotFound
from api.roles import CUSTOMER, Role
from api.storage import Keyset, Transaction
from api.times import Instant

PREFIX = "ks_"
"""Starts every token, so that none is mistaken for an API key and leaked ones can be searched for."""

LONGEST_USER_AGENT = 200
MOST_SESSIONS = 20
FRESH_FOR = 600
"""Seconds for which a session that has proved its password may make the most powerful changes."""
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def create(tx: Transaction, account: Account, *, user_agent: str | None = None) -> NewSession:
    """Open a session for `account`: 30 days at most for customers, 12 hours for staff.

    Of more than 20 the oldest end.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    session = Session(
        id=tx.new_id("ses"),
        created_at=tx.now,
        last_used_at=tx.now,
        expires_at=times.later(tx.now, seconds=_longest(account.role)),
        user_agent=_CONTROL.sub("", user_agent)[:LONGEST_USER_AGENT] if user_agent is not None else None,
    )
    idle_since = _idle_limits(tx)["customer_idle" if account.role == CUSTOMER else "staff_idle"]
    queries.delete_ended_sessions(tx, account_id=account.id, idle_since=idle_since)
    queries.delete_oldest_sessions(tx, account_id=account.id, most=MOST_SESSIONS - 1)
    queries.insert_session(tx, session, account_id=account.id, token_hash=digest(token))
    return NewSession(session.id, tx.marked(token), session.expires_at)


def resolve(tx: Transaction, *, token: str) -> Credential | None:
    """The live session of that token."""
    fresh_since = times.later(tx.now, seconds=-FRESH_FOR)
    return queries.find_credential(tx, token_hash=digest(token), fresh_since=fresh_since, **_idle_limits(tx))


def list_live(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[Session]:
    """A page of the account's live sessions, newest first."""
    return queries.list_sessions(tx, page, account_id=account_id, **_idle_limits(tx))


def find(tx: Transaction, *, ref: str, account_id: str) -> Session:
    """The account's live session of that id, or NotFound."""
    session = queries.find_session(tx, account_id=account_id, session_id=ref, **_idle_limits(tx))
    if session is None:
        raise NotFound
    return session


def confirm(tx: Transaction, session: Session, *, account_id: str) -> None:
    """Make the session fresh: it has proved its password."""
    queries.update_confirmation(tx, account_id=account_id, session_id=session.id)


def delete(tx: Transaction, session: Session, *, account_id: str) -> None:
    """End a session of the account."""
    queries.delete_session(tx, account_id=account_id, session_id=session.id)


def delete_others(tx: Transaction, *, account_id: str, except_id: str | None = None) -> None:
    """End all sessions of the account but `except_id`."""
    queries.delete_other_sessions(tx, account_id=account_id, except_id=except_id)


def shorten(tx: Transaction, *, account_id: str, role: Role) -> None:
    """Shorten the account's open sessions to what `role` allows from now on."""
    queries.update_expiry(tx, account_id=account_id, latest=times.later(tx.now, seconds=_longest(role)))


def digest(token: str) -> bytes:
    """The hash of a token that is stored: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def _longest(role: Role) -> int:
    return 30 * _DAY if role == CUSTOMER else 12 * _HOUR


def _idle_limits(tx: Transaction) -> dict[str, Instant]:
    return {
        "customer_idle": times.later(tx.now, seconds=-7 * _DAY),
        "staff_idle": times.later(tx.now, seconds=-30 * _MINUTE),
    }
