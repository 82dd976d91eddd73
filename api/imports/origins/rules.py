"""Origins kept in step: each thing comes in once, and again only when it has changed there."""

from __future__ import annotations

import hashlib

import msgspec

from api.ids import indexable
from api.imports.origins import queries
from api.imports.origins.records import Key, Looks, Origin
from api.storage import Transaction

WITHDRAWN = "withdrawn"
"""In place of a fingerprint, so that a thing which was withdrawn is a changed one when it comes back."""


def fingerprint(*parts: object) -> str:
    """The state of a thing in its source: another one whenever any of `parts` has changed."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def identify(tx: Transaction, key: Key, looks: Looks) -> tuple[Key, Origin | None]:
    """The origin of that key, unless the key means another thing by now, which gets a key of its own."""
    origin = queries.find(tx, key)
    if origin is None or origin.looks.fit(looks):
        return key, origin
    longer = indexable(f"{key.external_id} of {looks.created_at or looks.title}")
    key = msgspec.structs.replace(key, external_id=longer)
    return key, queries.find(tx, key)


def note(
    tx: Transaction,
    key: Key,
    before: Origin | None,
    *,
    local_id: str,
    fingerprint: str,
    looks: Looks | None = None,
) -> None:
    """Remember what came in, and in which state; nothing is written for the same state."""
    looks = looks or Looks()
    if before is None:
        queries.insert_origin(tx, key, local_id=local_id, fingerprint=fingerprint, looks=looks)
    elif before.fingerprint != fingerprint:
        queries.update_origin(tx, key, fingerprint=fingerprint, looks=looks)


def note_withdrawal(tx: Transaction, key: Key, before: Origin) -> None:
    """Remember that what came in was taken back."""
    queries.update_origin(tx, key, fingerprint=WITHDRAWN, looks=before.looks)
