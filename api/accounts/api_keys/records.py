"""API keys, as people order them and as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, get_args

from msgspec import Meta, Struct

from api.roles import Permission
from api.text.fields import Time, Title, id_example


class ApiKeyDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new API key; it lasts 90 days unless `expires_in_days` differs."""

    name: Annotated[Title, Meta(examples=["Stock counter"])]
    scopes: Annotated[
        tuple[Permission, ...], Meta(max_length=len(get_args(Permission)), examples=[["stock:write"]])
    ]
    expires_in_days: Annotated[int, Meta(ge=1, le=365, examples=[90])] | None = None


class ApiKey(Struct, frozen=True):
    """An API key, by the start of its secret."""

    id: Annotated[str, id_example("key")]
    name: Annotated[str, Meta(examples=["Stock counter"])]
    prefix: Annotated[str, Meta(examples=["kk_7m2x9q4d"])]
    scopes: Annotated[tuple[Permission, ...], Meta(examples=[["stock:write"]])]
    created_at: Time
    last_used_at: Time | None
    expires_at: Annotated[Time, Meta(examples=["2027-02-20T09:30:00.000Z"])]


class NewApiKey(ApiKey, frozen=True):
    """An API key with its secret, which is not stored and so shown only once."""

    secret: Annotated[str, Meta(examples=["kk_7m2x9q4d_c2FsdCBhbmQgcGVwcGVyIG9uIHRoZSBwaWVyIQ_k3v8"])]
