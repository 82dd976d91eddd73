"""The SQL of accounts, sessions and keys."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.records import Account
from api.accounts.roles import Viewer
from api.accounts.tables import accounts, sessions
from api.database import Transaction
from api.times import Instant

ACCOUNT = (
    accounts.c.id,
    accounts.c.email,
    accounts.c.email_verified_at,
    accounts.c.name,
    accounts.c.role,
    accounts.c.status,
    accounts.c.created_at,
)
_ACCOUNT_BY_ID = sa.select(*ACCOUNT).where(accounts.c.id == sa.bindparam("account_id"))
_INSERT_ACCOUNT = sa.insert(accounts)
_INSERT_SESSION = sa.insert(sessions)
_SESSION_VIEWER = (
    sa.select(accounts.c.id, accounts.c.email, accounts.c.name, accounts.c.role, sessions.c.id)
    .join_from(sessions, accounts)
    .where(
        sessions.c.token_hash == sa.bindparam("token_hash"),
        sessions.c.expires_at > sa.bindparam("now"),
        accounts.c.status == "active",
    )
)


def find_account(tx: Transaction, *, account_id: str) -> Account | None:
    """The account of that id."""
    row = tx.row(_ACCOUNT_BY_ID, account_id=account_id)
    return Account(*row) if row else None


def insert_account(tx: Transaction, account: Account, *, email_key: str, password_hash: str) -> None:
    """Store a new account; IntegrityError when its e-mail is taken."""
    tx.run(
        _INSERT_ACCOUNT,
        id=account.id,
        email=account.email,
        email_key=email_key,
        email_verified_at=account.email_verified_at,
        name=account.name,
        role=account.role,
        status=account.status,
        password_hash=password_hash,
        created_at=account.created_at,
    )


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
        _INSERT_SESSION,
        id=session_id,
        token_hash=token_hash,
        account_id=account_id,
        created_at=tx.now,
        last_used_at=tx.now,
        expires_at=expires_at,
        user_agent=user_agent,
    )


def find_session_viewer(tx: Transaction, *, token_hash: bytes) -> Viewer | None:
    """Whose live session has this token, if its account is active."""
    row = tx.row(_SESSION_VIEWER, token_hash=token_hash, now=tx.now)
    if row is None:
        return None
    account_id, email, name, role, session_id = row
    return Viewer(id=account_id, email=email, name=name, role=role, session_id=session_id)
