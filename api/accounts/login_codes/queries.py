"""The SQL of codes to log in with."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.login_codes.records import LoginCode
from api.accounts.login_codes.tables import login_codes
from api.storage import Transaction, columns_of
from api.times import Instant

_BY_ID = login_codes.c.id == sa.bindparam("code_id")
_WORKS = _BY_ID & (login_codes.c.tries < 5) & (login_codes.c.expires_at > sa.bindparam("now"))
_INSERT = sa.insert(login_codes)


def insert_code(tx: Transaction, *, code_id: str, expires_at: Instant) -> None:
    """Store that a code was asked for."""
    values = {"account_id": None, "email": None, "code_hash": None}
    tx.run(_INSERT, id=code_id, tries=0, expires_at=expires_at, **values)


_UPDATE = (
    sa.update(login_codes)
    .where(_WORKS)
    .values(
        account_id=sa.bindparam("owner_id"), email=sa.bindparam("address"), code_hash=sa.bindparam("new_hash")
    )
)


def update_code(tx: Transaction, *, code_id: str, account_id: str, email: str, code_hash: bytes) -> bool:
    """Store whose code it is and its hash; False if it no longer works."""
    values = {"owner_id": account_id, "address": email, "new_hash": code_hash}
    return tx.run(_UPDATE, code_id=code_id, now=tx.now, **values) == 1


_TRY = sa.update(login_codes).where(_WORKS).values(tries=login_codes.c.tries + 1)
_FIND = sa.select(*columns_of(login_codes, LoginCode)).where(_BY_ID)


def claim_try(tx: Transaction, *, code_id: str) -> LoginCode | None:
    """Count a try of the code, and return it; None if it does not work."""
    works = tx.run(_TRY, code_id=code_id, now=tx.now) == 1
    row = tx.row(_FIND, code_id=code_id)
    return LoginCode(*row) if row and works else None


_DELETE = sa.delete(login_codes).where(_BY_ID)


def delete_code(tx: Transaction, *, code_id: str) -> bool:
    """Delete a code; False if another request has."""
    return tx.run(_DELETE, code_id=code_id) == 1


_OLD = (
    sa.select(login_codes.c.id)
    .where(login_codes.c.expires_at <= sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .cte("old")
)
_DELETE_OLD = sa.delete(login_codes).where(login_codes.c.id.in_(sa.select(_OLD.c.id)))


def delete_expired(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many codes that had expired by then, and return how many."""
    return tx.run(_DELETE_OLD, before=before, most=most)
