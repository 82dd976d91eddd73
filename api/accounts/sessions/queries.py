"""The SQL of sessions."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.profiles.records import Credential
from api.accounts.profiles.tables import accounts
from api.accounts.sessions.records import Session
from api.accounts.sessions.tables import sessions
from api.roles import ACTIVE, CUSTOMER, Viewer
from api.storage import Keyset, Prepared, Transaction, columns_of, row_of
from api.times import Instant

_SESSION = columns_of(sessions, Session)
_OF_ACCOUNT = sessions.c.account_id == sa.bindparam("owner_id")
_BY_ID = _OF_ACCOUNT & (sessions.c.id == sa.bindparam("session_id"))
_IDLE_SINCE = sa.case(
    (accounts.c.role == CUSTOMER, sa.bindparam("customer_idle")), else_=sa.bindparam("staff_idle")
)
_LIVE = (
    (sessions.c.expires_at > sa.bindparam("now"))
    & (sessions.c.last_used_at > _IDLE_SINCE)
    & (accounts.c.status == ACTIVE)
)
_CREDENTIAL = Prepared(
    sa.select(
        accounts.c.id,
        accounts.c.email,
        accounts.c.name,
        accounts.c.role,
        sessions.c.id.label("session_id"),
        sessions.c.last_used_at,
        sessions.c.expires_at,
        sessions.c.confirmed_at,
    )
    .join_from(sessions, accounts)
    .where(sessions.c.token_hash == sa.bindparam("token_hash"), _LIVE)
)


def find_credential(
    tx: Transaction, *, token_hash: bytes, fresh_since: Instant, **idle: Instant
) -> Credential | None:
    """The live session with this token, if its account is active; fresh if it was confirmed after that."""
    row = tx.row(_CREDENTIAL, token_hash=token_hash, now=tx.now, **idle)
    if row is None:
        return None
    viewer = Viewer(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        session_id=row.session_id,
        is_fresh=row.confirmed_at > fresh_since,
    )
    return Credential(viewer, row.session_id, row.last_used_at, row.expires_at)


_LIST = (
    sa.select(*_SESSION)
    .join_from(sessions, accounts)
    .where(_OF_ACCOUNT, _LIVE, sessions.c.id < sa.bindparam("before"))
    .order_by(sessions.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_sessions(tx: Transaction, page: Keyset[str], *, account_id: str, **idle: Instant) -> list[Session]:
    """A page of the account's live sessions, newest first."""
    rows = tx.rows(_LIST, owner_id=account_id, now=tx.now, before=page.position, most=page.most, **idle)
    return [Session(*row) for row in rows]


_FIND = sa.select(*_SESSION).join_from(sessions, accounts).where(_BY_ID, _LIVE)


def find_session(tx: Transaction, *, account_id: str, session_id: str, **idle: Instant) -> Session | None:
    """The account's live session of that id."""
    row = tx.row(_FIND, owner_id=account_id, session_id=session_id, now=tx.now, **idle)
    return Session(*row) if row else None


_INSERT = sa.insert(sessions)


def insert_session(tx: Transaction, session: Session, *, account_id: str, token_hash: bytes) -> None:
    """Store a new session."""
    others = {"account_id": account_id, "token_hash": token_hash, "confirmed_at": session.created_at}
    tx.run(_INSERT, **row_of(session, **others))


_NOTE_USE = (
    sa.update(sessions)
    .where(
        sessions.c.id == sa.bindparam("session_id"), sessions.c.last_used_at <= sa.bindparam("used_before")
    )
    .values(last_used_at=sa.bindparam("now"))
)


def update_last_use(tx: Transaction, *, session_id: str, used_before: Instant) -> None:
    """Record that the session is used now, if its last use was at `used_before` or earlier."""
    tx.run(_NOTE_USE, session_id=session_id, used_before=used_before, now=tx.now)


_CONFIRM = sa.update(sessions).where(_BY_ID).values(confirmed_at=sa.bindparam("now"))


def update_confirmation(tx: Transaction, *, account_id: str, session_id: str) -> None:
    """Record that the session has proved now whose it is."""
    tx.run(_CONFIRM, owner_id=account_id, session_id=session_id, now=tx.now)


_SHORTEN = (
    sa.update(sessions)
    .where(_OF_ACCOUNT, sessions.c.expires_at > sa.bindparam("latest"))
    .values(expires_at=sa.bindparam("latest"))
)


def update_expiry(tx: Transaction, *, account_id: str, latest: Instant) -> None:
    """Let no session of the account outlive `latest`."""
    tx.run(_SHORTEN, owner_id=account_id, latest=latest)


_DELETE = sa.delete(sessions).where(_BY_ID)


def delete_session(tx: Transaction, *, account_id: str, session_id: str) -> None:
    """Remove the account's session of that id."""
    tx.run(_DELETE, owner_id=account_id, session_id=session_id)


_DELETE_OTHERS = sa.delete(sessions).where(_OF_ACCOUNT, sessions.c.id != sa.bindparam("except_id"))


def delete_other_sessions(tx: Transaction, *, account_id: str, except_id: str | None) -> None:
    """Remove all sessions of the account but one."""
    tx.run(_DELETE_OTHERS, owner_id=account_id, except_id=except_id or "")


_DELETE_ENDED = sa.delete(sessions).where(
    _OF_ACCOUNT,
    (sessions.c.expires_at <= sa.bindparam("now")) | (sessions.c.last_used_at <= sa.bindparam("idle_since")),
)


def delete_ended_sessions(tx: Transaction, *, account_id: str, idle_since: Instant) -> None:
    """Remove the account's sessions that expired or have not been used since."""
    tx.run(_DELETE_ENDED, owner_id=account_id, idle_since=idle_since, now=tx.now)


_DELETE_OLDEST = sa.delete(sessions).where(
    _OF_ACCOUNT,
    sessions.c.id.not_in(
        sa.select(sessions.c.id).where(_OF_ACCOUNT).order_by(sessions.c.id.desc()).limit(sa.bindparam("most"))
    ),
)


def delete_oldest_sessions(tx: Transaction, *, account_id: str, most: int) -> None:
    """Remove the account's sessions but for the newest `most`."""
    tx.run(_DELETE_OLDEST, owner_id=account_id, most=most)
