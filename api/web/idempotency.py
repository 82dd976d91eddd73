"""The record of what an Idempotency-Key has done, in one transaction with what it did."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from api import times
from api.errors import FieldError
from api.ids import indexable
from api.storage import Integer, Prepared, Text, Transaction, metadata
from api.storage import failures as outages
from api.web.context import Request, Response
from api.web.http_errors import IdempotencyInProgress, IdempotencyKeyInvalid, IdempotencyKeyReused

KEPT_DAYS = 7
SWEPT_EVERY, SWEPT_AT_ONCE = 16, 64
"""One claim in so many removes as many as this that have expired: more than come in, and little at a time."""

records = sa.Table(
    "idempotency_records",
    metadata,
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("method", Text, primary_key=True),
    sa.Column("path", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("status", Integer),
    sa.Column("location", Text),
    sa.Column("etag", Text),
    sa.Column("body", sa.LargeBinary),
    sa.Column("created_at", Text, nullable=False, index=True),
    sqlite_strict=True,
)

_SCOPE = (
    (records.c.account_id == sa.bindparam("account"))
    & (records.c.method == sa.bindparam("verb"))
    & (records.c.path == sa.bindparam("place"))
    & (records.c.key == sa.bindparam("token"))
)
# Both databases know this form; a second claim of one key waits here until the first transaction has ended.
_CLAIM = Prepared(
    sa.text(
        "INSERT INTO idempotency_records (account_id, method, path, key, fingerprint, created_at)"
        " VALUES (:account, :verb, :place, :token, :fingerprint, :now) ON CONFLICT DO NOTHING"
    )
)
_FIND = sa.select(records).where(_SCOPE)
_KEEP = Prepared(
    sa.update(records)
    .where(_SCOPE)
    .values(
        status=sa.bindparam("new_status"),
        location=sa.bindparam("new_location"),
        etag=sa.bindparam("new_etag"),
        body=sa.bindparam("new_body"),
    )
)
_EXPIRE = Prepared(sa.delete(records).where(_SCOPE, records.c.created_at < sa.bindparam("cutoff")))
_NAME = sa.tuple_(records.c.account_id, records.c.method, records.c.path, records.c.key)
_SWEEP = Prepared(
    sa.delete(records).where(
        _NAME.in_(
            sa.select(*_NAME.clauses)
            .where(records.c.created_at < sa.bindparam("cutoff"))
            .limit(sa.bindparam("most"))
            .with_for_update(skip_locked=True)  # others sweep too
        )
    )
)
_claims = itertools.count()
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


def key_of(req: Request) -> str | None:
    """The request's key, without the quotes of a structured field; IdempotencyKeyInvalid for a bad one."""
    header = req.get_header("Idempotency-Key")
    if header is None:
        return None
    key = header[1:-1] if len(header) > 1 and header[0] == header[-1] == '"' else header
    if not _KEY.match(key):
        error = FieldError(
            code=IdempotencyKeyInvalid.code,
            detail="1 to 255 visible ASCII characters, once.",
            header="Idempotency-Key",
        )
        raise IdempotencyKeyInvalid(errors=(error,))
    return key


@contextmanager
def replayable(tx: Transaction, req: Request, resp: Response) -> Iterator[bool]:
    """Yield True when the key was answered before, with `resp` filled from then; else keep this answer.

    An error that leaves the block rolls the claim back with everything else, so only success is remembered.
    """
    key = key_of(req)
    if key is None:
        yield False
        return
    scope = {"account": req.context.viewer.id, "verb": req.method, "place": indexable(req.path), "token": key}
    fingerprint = hashlib.sha256(req.context.body).digest()
    cutoff = times.later(tx.now, days=-KEPT_DAYS)
    if not _claim(tx, scope, fingerprint, cutoff):
        _replay(tx, resp, scope, fingerprint)
        yield True
        return
    yield False
    tx.run(
        _KEEP,
        **scope,
        new_status=resp.status_code,
        new_location=resp.get_header("Location"),
        new_etag=resp.get_header("ETag"),
        new_body=resp.data,
    )
    if next(_claims) % SWEPT_EVERY == 0:
        tx.run(_SWEEP, cutoff=cutoff, most=SWEPT_AT_ONCE)


def _claim(tx: Transaction, scope: dict[str, str], fingerprint: bytes, cutoff: str) -> bool:
    """Whether the key is this request's; IdempotencyInProgress when the one before takes too long to end."""
    claim = {**scope, "fingerprint": fingerprint, "now": tx.now}
    try:
        if tx.run(_CLAIM, **claim) == 1:
            return True
        tx.run(_EXPIRE, **scope, cutoff=cutoff)  # or another transaction sweeps it away meanwhile
        return tx.run(_CLAIM, **claim) == 1
    except DBAPIError as error:
        if outages.waited_in_vain(error):
            raise IdempotencyInProgress from error
        raise


def _replay(tx: Transaction, resp: Response, scope: dict[str, str], fingerprint: bytes) -> None:
    record = tx.row(_FIND, **scope)
    if record is None or record.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    resp.status = record.status
    resp.data = record.body
    if record.location is not None:
        resp.location = record.location
    if record.etag is not None:
        resp.set_header("ETag", record.etag)
    resp.set_header("Idempotent-Replayed", "true")
