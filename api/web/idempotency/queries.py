"""The SQL of idempotency keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from api.storage import Among, Prepared, Row, Transaction, lock_timed_out
from api.times import Instant
from api.web.http_errors import CreatedThenDeleted, IdempotencyInProgress
from api.web.idempotency.tables import idempotency_records as records

_OF_SCOPE = (
    (records.c.account_id == sa.bindparam("account"))
    & (records.c.method == sa.bindparam("verb"))
    & (records.c.path == sa.bindparam("target"))
    & (records.c.key == sa.bindparam("token"))
)
_HAS_EXPIRED = records.c.created_at < sa.bindparam("expired_before")

# Both databases know this form; a second claim of one key waits here until the first transaction has ended.
_CLAIM = Prepared(
    sa.text(
        "INSERT INTO idempotency_records (account_id, method, path, key, fingerprint, created_at)"
        " VALUES (:account, :verb, :target, :token, :fingerprint, :now) ON CONFLICT DO NOTHING"
    )
)
_DELETE_IF_EXPIRED = Prepared(sa.delete(records).where(_OF_SCOPE, _HAS_EXPIRED))


def claim(tx: Transaction, scope: Mapping[str, str], *, fingerprint: bytes, expired_before: Instant) -> bool:
    """Whether the key is this request's; IdempotencyInProgress when the one before takes too long to end."""
    values = {**scope, "fingerprint": fingerprint, "now": tx.now}
    try:
        if tx.run(_CLAIM, **values) == 1:
            return True
        # Nothing to delete if another transaction has swept it away meanwhile: then the claim succeeds too.
        tx.run(_DELETE_IF_EXPIRED, **scope, expired_before=expired_before)
        return tx.run(_CLAIM, **values) == 1
    except DBAPIError as error:
        if lock_timed_out(error):
            raise IdempotencyInProgress from error
        raise


_FIND = sa.select(records).where(_OF_SCOPE)


def find(tx: Transaction, scope: Mapping[str, str]) -> Row | None:
    """The record of a key."""
    return tx.row(_FIND, **scope)


_ANSWER = ("status", "location", "etag", "body", "created_id")
_STORE_ANSWER = Prepared(
    sa.update(records).where(_OF_SCOPE).values({name: sa.bindparam(f"new_{name}") for name in _ANSWER})
)


def store_answer(
    tx: Transaction,
    scope: Mapping[str, str],
    *,
    status: int,
    location: str | None,
    etag: str | None,
    body: bytes | None,
    created_id: str | None,
) -> None:
    """Add the answer to the record of a claimed key, with the id of what the request created."""
    tx.run(
        _STORE_ANSWER,
        **scope,
        new_status=status,
        new_location=location,
        new_etag=etag,
        new_body=body,
        new_created_id=created_id,
    )


_ERASE = (
    sa.update(records)
    .where(Among(records.c.created_id, "ids") | Among(records.c.account_id, "ids"))
    .values(status=CreatedThenDeleted.status, location=None, etag=None, body=None)
)


def erase(tx: Transaction, ids: Sequence[str]) -> None:
    """Erase the answers that show one of these things, or that one of these accounts received."""
    tx.run(_ERASE, ids=ids)


_NAME = sa.tuple_(records.c.account_id, records.c.method, records.c.path, records.c.key)
_EXPIRED = (
    sa.select(*_NAME.clauses)
    .where(_HAS_EXPIRED)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)  # others delete too
    .cte("expired")
)
_DELETE_EXPIRED = sa.delete(records).where(_NAME.in_(sa.select(*_EXPIRED.c)))


def delete_expired(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many records that are older, and return how many."""
    return tx.run(_DELETE_EXPIRED, expired_before=before, most=most)
