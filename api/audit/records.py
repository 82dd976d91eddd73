"""Audit events, as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.text.fields import Time, id_example

AuditKind = Literal[
    "login",
    "login-failed",
    "logout",
    "password",
    "email",
    "second-factor",
    "key-made",
    "key-ended",
    "role",
    "status",
    "erasure",
    "cancellation",
    "refund",
    "import",
    "restore",
    "settings",
]


class Origin(Struct, frozen=True, kw_only=True):
    """The account behind something that happened, and the way it came; a command at the shell has neither."""

    account_id: Annotated[str | None, id_example("acc")] = None
    session_id: Annotated[str | None, id_example("ses")] = None
    key_id: Annotated[str | None, id_example("key")] = None
    network: Annotated[str | None, Meta(examples=["192.0.2.0/24"])] = None
    request_id: Annotated[str | None, Meta(examples=["01k9zq3v8r5m2x7c4b6n8p0qwe"])] = None


SHELL = Origin()


class AuditEvent(Origin, frozen=True, kw_only=True):
    """Something that was done to an account, and by whom: ids and networks, never a name or an e-mail.

    `subject` is the account or the thing to which it happened; for a login with an unknown e-mail it is
    `unknown:` and a hash, the same for the same e-mail until the server starts again.
    """

    id: Annotated[str, id_example("aud")]
    at: Time
    kind: Annotated[AuditKind, Meta(examples=["role"])]
    subject: Annotated[str | None, id_example("acc")]
    facts: Annotated[dict[str, str], Meta(examples=[{"role": "editor"}])]
