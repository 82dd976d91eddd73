"""Traces of an account that only its export shows."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.text.fields import Time


class LoginNetwork(Struct, frozen=True):
    """A network from which the account has logged in during the last 30 days."""

    network: Annotated[str, Meta(examples=["192.0.2.0/24"])]
    last_login_at: Time


class FailedLogins(Struct, frozen=True):
    """Failed logins, or second steps of them, that still count against the account, from wherever."""

    failures: Annotated[int, Meta(examples=[2])]
    since: Time


class StoredAnswer(Struct, frozen=True):
    """A request with Idempotency-Key whose answer is stored for 7 days."""

    method: Annotated[str, Meta(examples=["POST"])]
    path: Annotated[str, Meta(examples=["/v1/orders"])]
    key: Annotated[str, Meta(examples=["9f1c"])]
    created_at: Time


class LimitUse(Struct, frozen=True):
    """A limit, and how much of it is used until then."""

    kind: Annotated[str, Meta(examples=["comment"])]
    used: Annotated[int, Meta(examples=[3])]
    until: Time
