"""API keys: named, scoped, expiring tokens for programs, each shown once when it is made."""

from __future__ import annotations

import secrets

from msgspec import structs

from api import times
from api.accounts.api_keys import queries
from api.accounts.api_keys.records import ApiKey, ApiKeyDraft, NewApiKey
from api.accounts.profiles.records import Credential
from api.accounts.roles import Viewer
from api.accounts.sessions.rules import digest
from api.errors import NotAllowed, NotFound
from api.ids import ALPHABET
from api.storage import Transaction

PREFIX = "kk_"
PUBLIC_CHARACTERS = 8
DEFAULT_DAYS = 90


def create(tx: Transaction, draft: ApiKeyDraft, *, actor: Viewer) -> NewApiKey:
    """A key of `actor`; NotAllowed for a scope that its role does not have."""
    beyond = {f"/scopes/{index}": scope for index, scope in enumerate(draft.scopes) if not actor.may(scope)}
    if beyond:
        refusals = {pointer: actor.lacking(scope) for pointer, scope in beyond.items()}
        details = [(pointer, refusal.detail) for pointer, refusal in refusals.items()]
        raise NotAllowed.at_each(details, **next(iter(refusals.values())).data)
    prefix = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_CHARACTERS))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        id=tx.new_id("key"),
        name=draft.name,
        prefix=prefix,
        scopes=tuple(sorted(set(draft.scopes))),
        created_at=tx.now,
        last_used_at=None,
        expires_at=times.later(tx.now, days=draft.expires_in_days or DEFAULT_DAYS),
    )
    queries.insert_key(tx, key, account_id=actor.id, secret_hash=digest(secret))
    return NewApiKey(**structs.asdict(key), secret=secret)


def resolve(tx: Transaction, *, token: str) -> Credential | None:
    """The unexpired key with that secret."""
    return queries.find_credential(tx, token_hash=digest(token))


def find(tx: Transaction, *, ref: str, viewer: Viewer) -> ApiKey:
    """The viewer's key of that id, expired or not, or NotFound."""
    key = queries.find_key(tx, account_id=viewer.id, key_id=ref)
    if key is None:
        raise NotFound
    return key


def delete(tx: Transaction, key: ApiKey, *, actor: Viewer) -> None:
    """Revoke a key of `actor` for good."""
    queries.delete_key(tx, account_id=actor.id, key_id=key.id)
