"""API keys: named, scoped, expiring tokens for programs, each shown once when it is made."""

from __future__ import annotations

import secrets

from msgspec import structs

from api import times
from api.accounts.api_keys import queries
from api.accounts.api_keys.records import ApiKey, ApiKeyDraft, NewApiKey
from api.accounts.profiles import queries as accounts
from api.accounts.profiles.records import Credential
from api.accounts.sessions.rules import digest
from api.errors import Conflict, NotAllowed, NotFound
from api.ids import ALPHABET
from api.roles import Viewer
from api.storage import Transaction

PREFIX = "kk_"
PUBLIC_CHARACTERS = 8
DEFAULT_DAYS = 90
MOST_KEYS = 50


class TooManyKeys(Conflict):
    """The account has 50 API keys, as many as it can have."""

    code, title = "too-many-keys", "Too many API keys"
    remedy = "Delete a key that is no longer used."


def create(tx: Transaction, draft: ApiKeyDraft, *, actor: Viewer) -> NewApiKey:
    """A key of `actor`; NotAllowed for a scope that its role does not have, TooManyKeys beyond 50."""
    beyond = {f"/scopes/{index}": scope for index, scope in enumerate(draft.scopes) if not actor.may(scope)}
    if beyond:
        refusals = {pointer: actor.lacking(scope) for pointer, scope in beyond.items()}
        details = [(pointer, refusal.detail) for pointer, refusal in refusals.items()]
        raise NotAllowed.at_each(details, **next(iter(refusals.values())).data)
    accounts.find_account(tx, account_id=actor.id, lock=True)  # whoever makes another at the same time waits
    queries.delete_expired_keys(tx, account_id=actor.id)
    if queries.count_keys(tx, account_id=actor.id) >= MOST_KEYS:
        raise TooManyKeys
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
    return NewApiKey(**structs.asdict(key), secret=tx.marked(secret))


def resolve(tx: Transaction, *, token: str) -> Credential | None:
    """The unexpired key with that secret."""
    return queries.find_credential(tx, token_hash=digest(token))


def find(tx: Transaction, *, ref: str, account_id: str) -> ApiKey:
    """The account's key of that id, expired or not, or NotFound."""
    key = queries.find_key(tx, account_id=account_id, key_id=ref)
    if key is None:
        raise NotFound
    return key


def delete(tx: Transaction, key: ApiKey, *, account_id: str) -> None:
    """Revoke a key of the account for good."""
    queries.delete_key(tx, account_id=account_id, key_id=key.id)


def delete_all(tx: Transaction, *, account_id: str) -> None:
    """Revoke all keys of the account."""
    queries.delete_keys(tx, account_id=account_id)
