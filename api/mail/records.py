"""Mails, as they are stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.text.fields import Time, id_example

MailKind = Literal[
    "verify",
    "reset",
    "password-changed",
    "email-changed",
    "login-code",
    "sign-up-taken",
    "comment-waits",
    "comment-answered",
    "webhook-disabled",
    "new-login",
    "order-link",
    "receipt",
    "payment-waits",
    "shipped",
    "cancelled",
    "expired",
    "refunded",
    "download-ready",
]
MailState = Literal["waiting", "sent", "failed", "kept"]


class Mail(Struct, frozen=True, kw_only=True):
    """A mail without its text; `kept` is one that nothing sends, since there is no mail server."""

    id: Annotated[str, id_example("mail")]
    kind: Annotated[MailKind, Meta(examples=["reset"])]
    to: Annotated[str | None, Meta(examples=["ada@example.org"])]
    """Null once the account is erased."""
    subject: Annotated[str | None, Meta(examples=["A new password for Kiosque"])]
    """Null until the mail is written, right before it is sent."""
    language: Annotated[str, Meta(examples=["en"])]
    state: MailState
    attempts: Annotated[int, Meta(ge=0, examples=[1])]
    error: Annotated[str | None, Meta(examples=[None])]
    at: Time
    """When it was asked for."""


class KeptMail(Mail, frozen=True, kw_only=True):
    """A mail that nothing has sent, with its text."""

    text: str


class Request(Struct, frozen=True, kw_only=True):
    """A mail and what it is written from: `facts` are ids, and no secrets."""

    mail: Mail
    account_id: str | None
    to_staff: bool
    facts: Mapping[str, str]
    about: str | None = None
    """The id of what it is about, if there is one mail at most of its kind and facts about that."""


class Letter(Struct, frozen=True):
    """A written mail, both parts."""

    subject: str
    text: str
    html: str
