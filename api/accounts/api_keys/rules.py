"""API keys: named, scoped, expiring tokens for programs, each shown once when it is made."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from api import times
from api.accounts.api_keys import queries
from api.accounts.api_keys.records import ApiKey
from api.accounts.profiles.records import Sighting
from api.accounts.roles import Viewer
from api.accounts.sessions.rules import digest
from api.errors import FieldError, NotAllowed, NotFound
from api.ids import ALPHABET
from api.storage import Transaction

PREFIX = "kk_"
PUBLIC_CHARACTERS = 8
DEFAULT_DAYS = 90


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key, and the only sight of its secret."""

    key: ApiKey
    secret: str


def make(
    tx: Transaction, *, viewer: Viewer, name: str, scopes: Sequence[str], days: int = DEFAULT_DAYS
) -> NewKey:
    """A key of `viewer` that may do what `scopes` name; NotAllowed for one beyond the role's permissions."""
    _refuse_beyond(viewer, scopes)
    prefix = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_CHARACTERS))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        id=tx.new_id("key"),
        name=name,
        prefix=prefix,
        scopes=tuple(sorted(set(scopes))),
        created_at=tx.now,
        last_used_at=None,
        expires_at=times.later(tx.now, days=days),
    )
    queries.insert_key(tx, key, account_id=viewer.id, secret_hash=digest(secret))
    return NewKey(key, secret)


def sighted(tx: Transaction, *, token: str) -> Sighting | None:
    """Whose unexpired key `token` is."""
    return queries.find_sighting(tx, token_hash=digest(token))


def find(tx: Transaction, *, account_id: str, key_id: str) -> ApiKey:
    """The account's key of that id, expired or not, or NotFound."""
    found = queries.find_key(tx, account_id=account_id, key_id=key_id)
    if found is None:
        raise NotFound
    return found


def revoke(tx: Transaction, *, account_id: str, key_id: str) -> None:
    """End a key for good."""
    queries.delete_key(tx, account_id=account_id, key_id=key_id)


def _refuse_beyond(viewer: Viewer, scopes: Sequence[str]) -> None:
    beyond = tuple(
        FieldError(code="forbidden", detail=f"Your role may not do {scope}.", pointer=f"/scopes/{index}")
        for index, scope in enumerate(scopes)
        if not viewer.may(scope)
    )
    if beyond:
        raise NotAllowed("A key may do no more than its owner.", errors=beyond)
