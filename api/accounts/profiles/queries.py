"""The SQL of accounts."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

import sqlalchemy as sa

from api.accounts.profiles.records import Account, Credentials
from api.accounts.profiles.tables import accounts
from api.accounts.roles import ACTIVE, OWNER, Role, Status
from api.storage import Keyset, Row, Transaction
from api.storage.newest_first import is_among_newest

ACCOUNT = (
    accounts.c.id,
    accounts.c.email,
    accounts.c.email_verified_at,
    accounts.c.name,
    accounts.c.role,
    accounts.c.status,
    accounts.c.created_at,
)
_STATES = {"role": get_args(Role), "status": get_args(Status)}
_BY_ID = accounts.c.id == sa.bindparam("account_id")

_FIND = sa.select(*ACCOUNT).where(_BY_ID)
# NO KEY: rows that refer to the account may be added meanwhile. SQLite, with one writer, leaves it out.
_TAKE = sa.select(*ACCOUNT, accounts.c.password_hash).where(_BY_ID).with_for_update(key_share=True)
_TAKE_OWNERS = (
    sa.select(accounts.c.id)
    .where(accounts.c.role == OWNER, accounts.c.status == ACTIVE)
    .order_by(accounts.c.id)
    .with_for_update(key_share=True)
)
_FIND_CREDENTIALS = sa.select(*ACCOUNT, accounts.c.password_hash).where(
    accounts.c.email_key == sa.bindparam("email_key")
)
_INSERT = sa.insert(accounts)
_UPDATE = (
    sa.update(accounts)
    .where(_BY_ID)
    .values(
        {name: sa.bindparam(f"new_{name}") for name in ("email", "email_key", "name", "role", "status")}
        | {"email_verified_at": sa.bindparam("new_email_verified_at")}
    )
)
_UPDATE_PASSWORD = sa.update(accounts).where(_BY_ID).values(password_hash=sa.bindparam("new_password_hash"))


def find_account(tx: Transaction, *, account_id: str) -> Account | None:
    """The account of that id."""
    row = tx.row(_FIND, account_id=account_id)
    return Account(*row) if row else None


def find_credentials(tx: Transaction, *, email_key: str) -> Credentials | None:
    """The account of that e-mail, and what its password is checked against."""
    return _credentials(tx.row(_FIND_CREDENTIALS, email_key=email_key))


def list_accounts(tx: Transaction, page: Keyset[str], **filters: str) -> list[Account]:
    """A page of accounts, newest first; `filters` are values by column."""
    rows = tx.rows(_listing(*filters), before=page.position, most=page.most, **filters)
    return [Account(*row) for row in rows]


def take_account(tx: Transaction, *, account_id: str) -> Credentials | None:
    """The account of that id, held until the transaction ends."""
    return _credentials(tx.row(_TAKE, account_id=account_id))


def take_owners(tx: Transaction) -> list[str]:
    """The ids of all active owners, held until the transaction ends."""
    return [row.id for row in tx.rows(_TAKE_OWNERS)]


def insert_account(tx: Transaction, account: Account, *, email_key: str, password_hash: str) -> None:
    """Store a new account; IntegrityError when its e-mail is taken."""
    tx.run(
        _INSERT,
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


def update_account(tx: Transaction, account: Account, *, email_key: str) -> None:
    """Store an account that was taken and changed; IntegrityError when its new e-mail is taken."""
    tx.run(
        _UPDATE,
        account_id=account.id,
        new_email=account.email,
        new_email_key=email_key,
        new_email_verified_at=account.email_verified_at,
        new_name=account.name,
        new_role=account.role,
        new_status=account.status,
    )


def update_password(tx: Transaction, *, account_id: str, password_hash: str) -> None:
    """Store another hash for the account of that id."""
    tx.run(_UPDATE_PASSWORD, account_id=account_id, new_password_hash=password_hash)


def _credentials(row: Row | None) -> Credentials | None:
    return Credentials(Account(*row[:-1]), row[-1]) if row else None


@cache
def _listing(*filters: str) -> sa.Select[Any]:
    fits = accounts.c.id < sa.bindparam("before")
    if filters:
        fits = is_among_newest(accounts, states=_STATES, given=filters)
    return sa.select(*ACCOUNT).where(fits).order_by(accounts.c.id.desc()).limit(sa.bindparam("most"))
