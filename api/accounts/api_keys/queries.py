"""The SQL of API keys."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.api_keys.records import ApiKey
from api.accounts.api_keys.tables import api_keys
from api.accounts.profiles.records import Credential
from api.accounts.profiles.tables import accounts
from api.roles import ACTIVE, Viewer
from api.storage import Keyset, Prepared, Row, Transaction, columns_of, row_of
from api.times import Instant

_OF_ACCOUNT = api_keys.c.account_id == sa.bindparam("owner_id")
_BY_ID = _OF_ACCOUNT & (api_keys.c.id == sa.bindparam("key_id"))
_CREDENTIAL = Prepared(
    sa.select(
        accounts.c.id,
        accounts.c.email,
        accounts.c.name,
        accounts.c.role,
        api_keys.c.scopes,
        api_keys.c.id.label("key_id"),
        api_keys.c.last_used_at,
        api_keys.c.expires_at,
    )
    .join_from(api_keys, accounts)
    .where(
        api_keys.c.secret_hash == sa.bindparam("token_hash"),
        api_keys.c.expires_at > sa.bindparam("now"),
        accounts.c.status == ACTIVE,
    )
)


def find_credential(tx: Transaction, *, token_hash: bytes) -> Credential | None:
    """The unexpired key with this hash, if its account is active."""
    row = tx.row(_CREDENTIAL, token_hash=token_hash, now=tx.now)
    if row is None:
        return None
    scopes = frozenset(row.scopes.split())
    viewer = Viewer(
        id=row.id, email=row.email, name=row.name, role=row.role, key_id=row.key_id, scopes=scopes
    )
    return Credential(viewer, row.key_id, row.last_used_at, row.expires_at)


_KEY = columns_of(api_keys, ApiKey)
_LIST = (
    sa.select(*_KEY)
    .where(_OF_ACCOUNT, api_keys.c.id < sa.bindparam("before"))
    .order_by(api_keys.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_keys(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[ApiKey]:
    """A page of the account's keys, newest first."""
    return [_key(row) for row in tx.rows(_LIST, owner_id=account_id, before=page.position, most=page.most)]


_FIND = sa.select(*_KEY).where(_BY_ID)


def find_key(tx: Transaction, *, account_id: str, key_id: str) -> ApiKey | None:
    """The account's key of that id."""
    row = tx.row(_FIND, owner_id=account_id, key_id=key_id)
    return _key(row) if row else None


def _key(row: Row) -> ApiKey:
    return ApiKey(**{**row._mapping, "scopes": tuple(row.scopes.split())})


_INSERT = sa.insert(api_keys)


def insert_key(tx: Transaction, key: ApiKey, *, account_id: str, secret_hash: bytes) -> None:
    """Store a new key."""
    row = row_of(key, scopes=" ".join(key.scopes), account_id=account_id, secret_hash=secret_hash)
    tx.run(_INSERT, **row)


_NOTE_USE = (
    sa.update(api_keys)
    .where(
        api_keys.c.id == sa.bindparam("key_id"),
        sa.or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at <= sa.bindparam("used_before")),
    )
    .values(last_used_at=sa.bindparam("now"))
)


def update_last_use(tx: Transaction, *, key_id: str, used_before: Instant) -> None:
    """Record that the key is used now, if its last use was at `used_before` or earlier."""
    tx.run(_NOTE_USE, key_id=key_id, used_before=used_before, now=tx.now)


_COUNT = sa.select(sa.func.count()).select_from(api_keys).where(_OF_ACCOUNT)


def count_keys(tx: Transaction, *, account_id: str) -> int:
    """The number of the account's keys."""
    row = tx.row(_COUNT, owner_id=account_id)
    return int(row[0]) if row else 0


_DELETE = sa.delete(api_keys).where(_BY_ID)


def delete_key(tx: Transaction, *, account_id: str, key_id: str) -> None:
    """Remove the account's key of that id."""
    tx.run(_DELETE, owner_id=account_id, key_id=key_id)


_DELETE_ALL = sa.delete(api_keys).where(_OF_ACCOUNT)


def delete_keys(tx: Transaction, *, account_id: str) -> None:
    """Remove all keys of the account."""
    tx.run(_DELETE_ALL, owner_id=account_id)


_DELETE_EXPIRED = sa.delete(api_keys).where(_OF_ACCOUNT, api_keys.c.expires_at <= sa.bindparam("now"))


def delete_expired_keys(tx: Transaction, *, account_id: str) -> None:
    """Remove the account's expired keys."""
    tx.run(_DELETE_EXPIRED, owner_id=account_id, now=tx.now)
