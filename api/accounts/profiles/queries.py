"""The SQL of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from api.accounts.profiles.emails import key_of, search_key
from api.accounts.profiles.records import Account, Login
from api.accounts.profiles.tables import STATES, accounts
from api.roles import ACTIVE, OWNER
from api.storage import Keyset, Prepared, Transaction, columns_of, row_of
from api.storage.newest_first import is_among_newest

_ACCOUNT = columns_of(accounts, Account)
_BY_ID = accounts.c.id == sa.bindparam("account_id")
_FIND = sa.select(*_ACCOUNT).where(_BY_ID)
# NO KEY: rows that refer to the account may be added meanwhile. SQLite, with one writer, leaves it out.
_LOCK = _FIND.with_for_update(key_share=True)


def find_account(tx: Transaction, *, account_id: str, lock: bool = False) -> Account | None:
    """The account of that id."""
    row = tx.row(_LOCK if lock else _FIND, account_id=account_id)
    return Account(*row) if row else None


_LOGIN = sa.select(*_ACCOUNT, accounts.c.password_hash)
_FIND_LOGIN = _LOGIN.where(accounts.c.email_key == sa.bindparam("email_key"))


def find_login(tx: Transaction, *, email_key: str) -> Login | None:
    """The account of that e-mail, and the hash of its password."""
    row = tx.row(_FIND_LOGIN, email_key=email_key)
    return Login(Account(*row[:-1]), row[-1]) if row else None


_LOCK_LOGIN = _LOGIN.where(_BY_ID).with_for_update(key_share=True)


def lock_login(tx: Transaction, *, account_id: str) -> Login | None:
    """The account of that id, locked, and the hash of its password."""
    row = tx.row(_LOCK_LOGIN, account_id=account_id)
    return Login(Account(*row[:-1]), row[-1]) if row else None


_LOCK_OWNERS = (
    sa.select(accounts.c.id)
    .where(accounts.c.role == OWNER, accounts.c.status == ACTIVE)
    .order_by(accounts.c.id)
    .with_for_update(key_share=True)
)


def lock_owners(tx: Transaction) -> list[str]:
    """The ids of all active owners, whose accounts are locked in this order."""
    return [row.id for row in tx.rows(_LOCK_OWNERS)]


_FIND_OWNER = sa.select(accounts.c.id).where(accounts.c.role == OWNER, accounts.c.status == ACTIVE).limit(1)


def has_owner(tx: Transaction) -> bool:
    """Whether there is an active owner."""
    return tx.row(_FIND_OWNER) is not None


@cache
def _page(*filters: str) -> sa.Select[Any]:
    below = accounts.c.id < sa.bindparam("before")
    if {"email_key", "pattern"} & {*filters}:
        equal = [accounts.c[name] == sa.bindparam(name) for name in filters if name != "pattern"]
        like = [accounts.c.search_key.like(sa.bindparam("pattern"), escape="/")]
        below = sa.and_(below, *equal, *(like if "pattern" in filters else ()))
    elif filters:
        below = is_among_newest(accounts, states=STATES, parameters=filters)
    return sa.select(*_ACCOUNT).where(below).order_by(accounts.c.id.desc()).limit(sa.bindparam("most"))


def list_accounts(tx: Transaction, page: Keyset[str], **filters: str) -> list[Account]:
    """A page of accounts, newest first; `filters` are values by column, and a `pattern` to search for."""
    rows = tx.rows(_page(*filters), before=page.position, most=page.most, **filters)
    return [Account(*row) for row in rows]


# SQLite knows PostgreSQL's form; a second insert of one e-mail waits here until the first transaction ends.
_INSERT = Prepared(
    insert(accounts)
    .from_select(
        accounts.c.keys(),
        sa.select(*(sa.bindparam(column.name, type_=column.type) for column in accounts.c)).where(
            sa.bindparam("is_free", type_=sa.Boolean)
        ),
    )
    .on_conflict_do_nothing()
)


def insert_account(
    tx: Transaction, account: Account, *, email_key: str, password_hash: str, is_free: bool = True
) -> bool:
    """Store a new account; False if its e-mail is taken, or is not free by what the caller knows."""
    row = _row(account, email_key)
    return tx.run(_INSERT, **row, password_hash=password_hash, is_free=is_free) == 1


_CHANGING = (
    *(
        "email",
        "email_key",
        "email_verified_at",
        "pending_email",
        "name",
        "language",
        "search_key",
        "role",
        "status",
    ),
    *("version", "erased_at"),
)
_UPDATE = sa.update(accounts).where(_BY_ID).values({name: sa.bindparam(f"new_{name}") for name in _CHANGING})


def update_account(tx: Transaction, account: Account) -> bool:
    """Store a changed account; False if its new e-mail is taken, after which `tx` can only be rolled back."""
    row = _row(account, key_of(account.email) if account.email else None)
    try:
        tx.run(_UPDATE, account_id=account.id, **{f"new_{name}": row[name] for name in _CHANGING})
    except IntegrityError:
        return False
    return True


def _row(account: Account, email_key: str | None) -> Mapping[str, Any]:
    words = search_key(f"{account.name} {email_key}") if email_key else ""
    return row_of(account, email_key=email_key, search_key=words)


_UPDATE_PASSWORD = sa.update(accounts).where(_BY_ID).values(password_hash=sa.bindparam("new_password_hash"))


def update_password(tx: Transaction, *, account_id: str, password_hash: str) -> None:
    """Replace the hash of the account's password."""
    tx.run(_UPDATE_PASSWORD, account_id=account_id, new_password_hash=password_hash)
