"""The replay of answers by Idempotency-Key, so that a client may repeat a request whose answer it lost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from api import times
from api.errors import FieldError
from api.ids import indexable
from api.storage import Transaction
from api.web.context import Request, Response
from api.web.http_errors import CreatedThenDeleted, IdempotencyKeyInvalid, IdempotencyKeyReused
from api.web.idempotency import queries

LIFETIME_DAYS = 7
LEAST_WITHOUT_ACCOUNT = 22
"""Characters of a key that no account's scope separates from the keys of others: too many to be guessed."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


def key_of(req: Request) -> str | None:
    """The request's key, without the quotes of a structured field; IdempotencyKeyInvalid for a bad one."""
    header = req.get_header("Idempotency-Key")
    if header is None:
        return None
    key = header[1:-1] if len(header) > 1 and header[0] == header[-1] == '"' else header
    least = 1 if _account_of(req) else LEAST_WITHOUT_ACCOUNT
    if not _KEY.match(key) or len(key) < least:
        error = FieldError(
            code=IdempotencyKeyInvalid.code,
            detail=f"Must be {least} to 255 visible ASCII characters, sent once.",
            header="Idempotency-Key",
        )
        raise IdempotencyKeyInvalid(errors=(error,))
    return key


def is_replay(tx: Transaction, req: Request) -> bool:
    """Whether the request has a key that was used before, so that its answer may be there already."""
    key = key_of(req)
    record = None if key is None else queries.find(tx, _scope(req, key))
    return record is not None and record.created_at >= times.later(tx.now, days=-LIFETIME_DAYS)


@contextmanager
def replayable(tx: Transaction, req: Request, resp: Response) -> Iterator[bool]:
    """Yield True with `resp` filled when the key was answered before; else store the answer of the block.

    An error that leaves the block rolls the claim back with everything else, so only success is remembered.
    """
    key = key_of(req)
    if key is None:
        yield False
        return
    scope = _scope(req, key)
    fingerprint = _fingerprint(req)
    expired_before = times.later(tx.now, days=-LIFETIME_DAYS)
    if not queries.claim(tx, scope, fingerprint=fingerprint, expired_before=expired_before):
        _replay(tx, resp, scope, fingerprint)
        yield True
        return
    yield False
    queries.store_answer(
        tx,
        scope,
        status=resp.status_code,
        location=resp.get_header("Location"),
        etag=resp.get_header("ETag"),
        body=resp.data,
        created_id=getattr(resp.context, "created_id", None),  # none where it was there before
    )


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the records that have expired, and return how many."""
    before = times.later(tx.now, days=-LIFETIME_DAYS)
    return queries.delete_expired(tx, before=before, most=most)


def forget(tx: Transaction, *ids: str) -> None:
    """Erase the answers that show what is deleted, or that an erased account received; the keys stay used.

    Whoever deletes calls this in the same transaction, with the id of each thing and account.
    """
    queries.erase(tx, ids)


def _scope(req: Request, key: str) -> dict[str, str]:
    return {
        "account": _account_of(req),
        "verb": req.method,
        "target": indexable(req.path),
        "token": key,
    }


def _fingerprint(req: Request) -> bytes:
    uploaded = req.context.upload
    if uploaded is None:
        return hashlib.sha256(req.context.body).digest()
    return hashlib.sha256(uploaded.sha256 + req.query_string.encode()).digest()  # what to do with the file


def _account_of(req: Request) -> str:
    """The account in whose scope the keys are; empty without one."""
    viewer = req.context.viewer
    return (viewer.account_id if viewer else None) or ""


def _replay(tx: Transaction, resp: Response, scope: Mapping[str, str], fingerprint: bytes) -> None:
    record = queries.find(tx, scope)
    if record is None or record.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if record.status == CreatedThenDeleted.status:
        raise CreatedThenDeleted
    resp.status = record.status
    resp.data = record.body
    if record.location is not None:
        resp.location = record.location
    if record.etag is not None:
        resp.set_header("ETag", record.etag)
    resp.set_header("Idempotent-Replayed", "true")
