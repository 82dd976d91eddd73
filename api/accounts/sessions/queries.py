"""The SQL of sessions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.accounts.profiles.records import Sighting
from api.accounts.profiles.tables import accounts
from api.accounts.roles import ACTIVE, CUSTOMER, Viewer
from api.accounts.sessions.records import Session
from api.accounts.sessions.tables import sessions
from api.storage import Keyset, Prepared, Transaction
from api.times import Instant

SESSION = (
    sessions.c.id,
    sessions.c.created_at,
    sessions.c.last_used_at,
    sessions.c.expires_at,
    sessions.c.user_agent,
)
_OF_ACCOUNT = sessions.c.account_id == sa.bindparam("owner_id")
_BY_ID = _OF_ACCOUNT & (sessions.c.id == sa.bindparam("session_id"))
_LIVE = (
    (sessions.c.expires_at > sa.bindparam("now"))
    & (
        sessions.c.last_used_at
        > sa.case(
            (accounts.c.role == CUSTOMER, sa.bindparam("customer_idle")), else_=sa.bindparam("staff_idle")
        )
    )
    & (accounts.c.status == ACTIVE)
)

_SIGHT = Prepared(
    sa.select(
        accounts.c.id,
        accounts.c.email,
        accounts.c.name,
        accounts.c.role,
        sessions.c.id.label("session_id"),
        sessions.c.last_used_at,
        sessions.c.expires_at,
    )
    .join_from(sessions, accounts)
    .where(sessions.c.token_hash == sa.bindparam("token_hash"), _LIVE)
)
_LIST = (
    sa.select(*SESSION)
    .join_from(sessions, accounts)
    .where(_OF_ACCOUNT, _LIVE, sessions.c.id < sa.bindparam("before"))
    .order_by(sessions.c.id.desc())
    .limit(sa.bindparam("most"))
)
_FIND = sa.select(*SESSION).join_from(sessions, accounts).where(_BY_ID, _LIVE)
_INSERT = sa.insert(sessions)
_NOTE_USE = (
    sa.update(sessions)
    .where(
        sessions.c.id == sa.bindparam("session_id"), sessions.c.last_used_at <= sa.bindparam("used_before")
    )
    .values(last_used_at=sa.bindparam("now"))
)
_SHORTEN = (
    sa.update(sessions)
    .where(_OF_ACCOUNT, sessions.c.expires_at > sa.bindparam("latest"))
    .values(expires_at=sa.bindparam("latest"))
)
_DELETE = sa.delete(sessions).where(_BY_ID)
_DELETE_OTHERS = sa.delete(sessions).where(_OF_ACCOUNT, sessions.c.id != sa.bindparam("kept_id"))
_DELETE_EXPIRED = sa.delete(sessions).where(_OF_ACCOUNT, sessions.c.expires_at <= sa.bindparam("now"))


def find_sighting(
    tx: Transaction, *, token_hash: bytes, customer_idle: Instant, staff_idle: Instant
) -> Sighting | None:
    """Whose live session has this token, if its account is active."""
    row = tx.row(
        _SIGHT, token_hash=token_hash, now=tx.now, customer_idle=customer_idle, staff_idle=staff_idle
    )
    if row is None:
        return None
    account_id, email, name, role, session_id, last_used_at, expires_at = row
    viewer = Viewer(id=account_id, email=email, name=name, role=role, session_id=session_id)
    return Sighting(viewer, session_id, last_used_at, expires_at)


def list_sessions(tx: Transaction, page: Keyset[str], *, account_id: str, **idle: Instant) -> list[Session]:
    """A page of the account's live sessions, newest first."""
    return _sessions(tx, _LIST, owner_id=account_id, before=page.position, most=page.most, **idle)


def find_session(tx: Transaction, *, account_id: str, session_id: str, **idle: Instant) -> Session | None:
    """The account's live session of that id."""
    return next(iter(_sessions(tx, _FIND, owner_id=account_id, session_id=session_id, **idle)), None)


def insert_session(
    tx: Transaction,
    *,
    session_id: str,
    token_hash: bytes,
    account_id: str,
    expires_at: Instant,
    user_agent: str | None,
) -> None:
    """Store a new session, used now for the first time."""
    tx.run(
        _INSERT,
        id=session_id,
        token_hash=token_hash,
        account_id=account_id,
        created_at=tx.now,
        last_used_at=tx.now,
        expires_at=expires_at,
        user_agent=user_agent,
    )


def update_last_use(tx: Transaction, *, session_id: str, used_before: Instant) -> None:
    """Note that the session is used now, if its last use was at `used_before` or earlier."""
    tx.run(_NOTE_USE, session_id=session_id, used_before=used_before, now=tx.now)


def update_expiry(tx: Transaction, *, account_id: str, latest: Instant) -> None:
    """Let no session of the account outlive `latest`."""
    tx.run(_SHORTEN, owner_id=account_id, latest=latest)


def delete_session(tx: Transaction, *, account_id: str, session_id: str) -> None:
    """Remove the account's session of that id."""
    tx.run(_DELETE, owner_id=account_id, session_id=session_id)


def delete_other_sessions(tx: Transaction, *, account_id: str, kept_id: str | None) -> None:
    """Remove all sessions of the account but one."""
    tx.run(_DELETE_OTHERS, owner_id=account_id, kept_id=kept_id or "")


def delete_expired_sessions(tx: Transaction, *, account_id: str) -> None:
    """Remove what is left of the account's sessions whose time is over."""
    tx.run(_DELETE_EXPIRED, owner_id=account_id, now=tx.now)


def _sessions(tx: Transaction, statement: sa.Select[Any], **values: Any) -> list[Session]:
    return [Session(*row) for row in tx.rows(statement, now=tx.now, **values)]
