"""Origins: each thing is created once, and updated only when it has changed in the source."""

from __future__ import annotations

import hashlib

import msgspec

from api.ids import indexable
from api.imports.origins import queries
from api.imports.origins.records import Key, Looks, Origin
from api.storage import Transaction

WITHDRAWN = "withdrawn"
"""Stands for a fingerprint, so that a thing that was withdrawn counts as changed when it returns."""


def fingerprint(*parts: object) -> str:
    """A digest of the state of a thing in its source."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def identify(tx: Transaction, key: Key, looks: Looks) -> tuple[Key, Origin | None]:
    """The origin with this key. If the source has reused the id, the new thing gets a key of its own."""
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
    """Store the origin of a new or changed thing."""
    looks = looks or Looks()
    if before is None:
        queries.insert_origin(tx, key, local_id=local_id, fingerprint=fingerprint, looks=looks)
    elif before.fingerprint != fingerprint:
        queries.update_origin(tx, key, fingerprint=fingerprint, looks=looks)


def note_withdrawal(tx: Transaction, key: Key, before: Origin) -> None:
    """Store that an imported thing was withdrawn."""
    queries.update_origin(tx, key, fingerprint=WITHDRAWN, looks=before.looks)
