"""API keys as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from api.accounts.api_keys import records as api_keys_records
from api.accounts.api_keys.rules import NewKey
from api.accounts.roles import Permission
from api.text.fields import Time, Title
from api.web.paging import PageQuery


class ApiKeyBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An API key to be made; without `expires_in_days` it lasts 90 days."""

    name: Title
    scopes: Annotated[list[Permission], Meta(max_length=20)]
    expires_in_days: Annotated[int, Meta(ge=1, le=365)] | None = None


class ApiKeyView(msgspec.Struct):
    """An API key, by the start of its secret."""

    id: str
    name: str
    prefix: str
    scopes: list[Permission]
    created_at: Time
    last_used_at: Time | None
    expires_at: Time

    @classmethod
    def of(cls, key: api_keys_records.ApiKey) -> ApiKeyView:
        """`key` as it is shown."""
        return msgspec.convert(key, cls, from_attributes=True)


class NewApiKeyView(ApiKeyView):
    """An API key with its secret, which is not shown again."""

    secret: str

    @classmethod
    def made(cls, new: NewKey) -> NewApiKeyView:
        """What making a key answers."""
        return cls(**msgspec.structs.asdict(ApiKeyView.of(new.key)), secret=new.secret)


class ApiKeysQuery(PageQuery):
    """A page of API keys."""

    prefix: ClassVar[str] = "key"
