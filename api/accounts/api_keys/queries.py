"""The SQL of API keys."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.api_keys.records import ApiKey
from api.accounts.api_keys.tables import api_keys
from api.accounts.profiles.records import Sighting
from api.accounts.profiles.tables import accounts
from api.accounts.roles import ACTIVE, Viewer
from api.storage import Keyset, Prepared, Row, Transaction
from api.times import Instant

KEY = (
    api_keys.c.id,
    api_keys.c.name,
    api_keys.c.prefix,
    api_keys.c.scopes,
    api_keys.c.created_at,
    api_keys.c.last_used_at,
    api_keys.c.expires_at,
)
_OF_ACCOUNT = api_keys.c.account_id == sa.bindparam("owner_id")
_BY_ID = _OF_ACCOUNT & (api_keys.c.id == sa.bindparam("key_id"))

_SIGHT = Prepared(
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
_LIST = (
    sa.select(*KEY)
    .where(_OF_ACCOUNT, api_keys.c.id < sa.bindparam("before"))
    .order_by(api_keys.c.id.desc())
    .limit(sa.bindparam("most"))
)
_FIND = sa.select(*KEY).where(_BY_ID)
_INSERT = sa.insert(api_keys)
_NOTE_USE = (
    sa.update(api_keys)
    .where(
        api_keys.c.id == sa.bindparam("key_id"),
        sa.or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at <= sa.bindparam("used_before")),
    )
    .values(last_used_at=sa.bindparam("now"))
)
_DELETE = sa.delete(api_keys).where(_BY_ID)


def find_sighting(tx: Transaction, *, token_hash: bytes) -> Sighting | None:
    """Whose unexpired key has this hash, if its account is active."""
    row = tx.row(_SIGHT, token_hash=token_hash, now=tx.now)
    if row is None:
        return None
    account_id, email, name, role, scopes, key_id, last_used_at, expires_at = row
    viewer = Viewer(id=account_id, email=email, name=name, role=role, scopes=frozenset(scopes.split()))
    return Sighting(viewer, key_id, last_used_at, expires_at)


def list_keys(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[ApiKey]:
    """A page of the account's keys, newest first."""
    return [_key(row) for row in tx.rows(_LIST, owner_id=account_id, before=page.position, most=page.most)]


def find_key(tx: Transaction, *, account_id: str, key_id: str) -> ApiKey | None:
    """The account's key of that id."""
    row = tx.row(_FIND, owner_id=account_id, key_id=key_id)
    return _key(row) if row else None


def insert_key(tx: Transaction, key: ApiKey, *, account_id: str, secret_hash: bytes) -> None:
    """Store a new key."""
    tx.run(
        _INSERT,
        id=key.id,
        secret_hash=secret_hash,
        account_id=account_id,
        name=key.name,
        prefix=key.prefix,
        scopes=" ".join(key.scopes),
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        expires_at=key.expires_at,
    )


def update_last_use(tx: Transaction, *, key_id: str, used_before: Instant) -> None:
    """Note that the key is used now, if its last use was at `used_before` or earlier."""
    tx.run(_NOTE_USE, key_id=key_id, used_before=used_before, now=tx.now)


def delete_key(tx: Transaction, *, account_id: str, key_id: str) -> None:
    """Remove the account's key of that id."""
    tx.run(_DELETE, owner_id=account_id, key_id=key_id)


def _key(row: Row) -> ApiKey:
    key_id, name, prefix, scopes, created_at, last_used_at, expires_at = row
    return ApiKey(key_id, name, prefix, tuple(scopes.split()), created_at, last_used_at, expires_at)
