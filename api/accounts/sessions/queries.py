"""The SQL of sessions, of the failures that the throttle counts, and of the networks that it knows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.accounts.profiles.records import Credential
from api.accounts.profiles.tables import accounts
from api.accounts.sessions.records import Failures, Session
from api.accounts.sessions.tables import login_failures, login_networks, sessions
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


_OF_SUBJECT = login_failures.c.subject == sa.bindparam("subject_key")
_FIND_FAILURES = sa.select(*columns_of(login_failures, Failures, count=login_failures.c.failures)).where(
    _OF_SUBJECT
)


def find_failures(tx: Transaction, *, subject: str) -> Failures | None:
    """The failures counted against `subject`."""
    row = tx.row(_FIND_FAILURES, subject_key=subject)
    return Failures(*row) if row else None


# The update that changes nothing locks the row, there or not, until the transaction ends.
_LOCK_FAILURES = sa.text(
    "INSERT INTO login_failures (subject, failures, since) VALUES (:subject_key, 0, :now)"
    " ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject RETURNING failures, since"
)


def lock_failures(tx: Transaction, *, subject: str) -> Failures:
    """The failures counted against `subject`, locked; a count of 0 if there were none."""
    row = tx.row(_LOCK_FAILURES, subject_key=subject, now=tx.now)
    assert row is not None  # noqa: S101  # RETURNING answers for the row inserted or updated
    return Failures(*row)


_UPDATE_FAILURES = (
    sa.update(login_failures)
    .where(_OF_SUBJECT)
    .values(failures=sa.bindparam("new_count"), since=sa.bindparam("new_since"))
)


def update_failures(tx: Transaction, *, subject: str, failures: Failures) -> None:
    """Store the failures counted against `subject`."""
    tx.run(_UPDATE_FAILURES, subject_key=subject, new_count=failures.count, new_since=failures.since)


_DECREASE = (
    sa.update(login_failures)
    .where(_OF_SUBJECT, login_failures.c.failures > 0)
    .values(failures=login_failures.c.failures - 1)
)


def decrease_failures(tx: Transaction, *, subject: str) -> None:
    """Count one less against `subject`."""
    tx.run(_DECREASE, subject_key=subject)


_DELETE_FAILURES = sa.delete(login_failures).where(_OF_SUBJECT)


def delete_failures(tx: Transaction, *, subject: str) -> None:
    """Remove the failures counted against `subject`."""
    tx.run(_DELETE_FAILURES, subject_key=subject)


_DELETE_FAILURES_OF = sa.delete(login_failures).where(
    _OF_SUBJECT
    | ((login_failures.c.subject > sa.bindparam("first")) & (login_failures.c.subject < sa.bindparam("end")))
)


def delete_failures_of(tx: Transaction, *, account: str) -> None:
    """Remove the failures counted against `account`, and those of each network: `<account>:<network>`."""
    tx.run(_DELETE_FAILURES_OF, subject_key=account, first=f"{account}:", end=f"{account};")


_DELETE_OLD_FAILURES = sa.delete(login_failures).where(
    login_failures.c.subject.in_(
        sa.select(login_failures.c.subject)
        .where(login_failures.c.since < sa.bindparam("before"))
        .limit(sa.bindparam("most"))
        .with_for_update(skip_locked=True)
    )
)


def delete_old_failures(tx: Transaction, *, before: Instant, most: int) -> None:
    """Remove at most `most` subjects against which nothing was counted since `before`."""
    tx.run(_DELETE_OLD_FAILURES, before=before, most=most)


_KNOWS_NETWORK = (
    sa.select(login_networks.c.network)
    .join_from(login_networks, accounts)
    .where(
        accounts.c.email_key == sa.bindparam("email_key"),
        login_networks.c.network == sa.bindparam("network_key"),
        login_networks.c.last_login_at > sa.bindparam("since"),
    )
)


def knows_network(tx: Transaction, *, email_key: str, network: str, since: Instant) -> bool:
    """Whether the account of this e-mail has logged in from there since."""
    return tx.row(_KNOWS_NETWORK, email_key=email_key, network_key=network, since=since) is not None


_UPSERT_NETWORK = (
    insert(login_networks)
    .values(
        account_id=sa.bindparam("owner_id"),
        network=sa.bindparam("network_key"),
        last_login_at=sa.bindparam("now"),
    )
    .on_conflict_do_update(
        index_elements=["account_id", "network"], set_={"last_login_at": sa.bindparam("now")}
    )
)
_DELETE_OLD_NETWORKS = sa.delete(login_networks).where(
    login_networks.c.account_id == sa.bindparam("owner_id"),
    login_networks.c.last_login_at <= sa.bindparam("before"),
)


def note_network(tx: Transaction, *, account_id: str, network: str, forget_before: Instant) -> None:
    """Record that the account logs in from there now, and remove where it has not been for long."""
    tx.run(_UPSERT_NETWORK, owner_id=account_id, network_key=network, now=tx.now)
    tx.run(_DELETE_OLD_NETWORKS, owner_id=account_id, before=forget_before)
