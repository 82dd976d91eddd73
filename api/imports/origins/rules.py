"""Origins: each thing is created once, and updated only when it has changed in the source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from api.ids import indexable
from api.imports.origins import queries
from api.imports.origins.records import Key, Looks, Origin
from api.imports.report import Outcome
from api.storage import Transaction

WITHDRAWN = "withdrawn"
"""Stands for a fingerprint, so that a thing that was withdrawn counts as changed when it returns."""


def fingerprint(*parts: object) -> str:
    """A digest of the state of a thing in its source."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def states(origin: Origin | None) -> dict[str, str]:
    """The fingerprint of each field of a thing, where they are stored one by one."""
    if origin is None or not origin.fingerprint.startswith("{"):
        return {}
    return msgspec.json.decode(origin.fingerprint, type=dict[str, str])


def identify(tx: Transaction, key: Key, looks: Looks) -> tuple[Key, Origin | None]:
    """The origin with this key. If the source has reused the id, the new thing gets a key of its own."""
    origin = queries.find(tx, key)
    if origin is None or origin.looks.fit(looks):
        return key, origin
    longer = indexable(f"{key.external_id} of {looks.created_at or looks.title}")
    key = msgspec.structs.replace(key, external_id=longer)
    return key, queries.find(tx, key)


def follow(
    tx: Transaction,
    key: Key,
    origin: Origin | None,
    *,
    fingerprint: str,
    looks: Looks | None = None,
    create: Callable[[], str],
    change: Callable[[str], object],
) -> tuple[str, Outcome]:
    """Create the thing, or change it if its source has changed; its id here, and the outcome."""
    looks = looks or Looks()
    if origin is None:
        local_id = create()
        queries.insert_origin(tx, key, local_id=local_id, fingerprint=fingerprint, looks=looks)
        return local_id, "created"
    if origin.fingerprint == fingerprint:
        return origin.local_id, "unchanged"
    change(origin.local_id)
    queries.update_origin(tx, key, fingerprint=fingerprint, looks=looks)
    return origin.local_id, "updated"


def note_withdrawal(tx: Transaction, key: Key, before: Origin) -> None:
    """Store that an imported thing was withdrawn."""
    queries.update_origin(tx, key, fingerprint=WITHDRAWN, looks=before.looks)
