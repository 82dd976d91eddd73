"""API keys, as people order them and as they are stored and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.accounts.roles import Permission
from api.text.fields import Time, Title


class ApiKeyDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new API key; it lasts 90 days unless `expires_in_days` differs."""

    name: Title
    scopes: Annotated[tuple[Permission, ...], Meta(max_length=20)]
    expires_in_days: Annotated[int, Meta(ge=1, le=365)] | None = None


class ApiKey(Struct, frozen=True):
    """An API key, by the start of its secret."""

    id: str
    name: str
    prefix: str
    scopes: tuple[Permission, ...]
    created_at: Time
    last_used_at: Time | None
    expires_at: Time


class NewApiKey(ApiKey, frozen=True):
    """An API key with its secret, which is not stored and so shown only once."""

    secret: str
