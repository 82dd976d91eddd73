"""Accounts as they are stored and shown, and what a request's token stands for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.roles import Role, Status, Viewer
from api.text.fields import Time, id_example
from api.times import Instant


class Account(Struct, frozen=True):
    """An account, without its password; once it is erased, its e-mail is null."""

    id: Annotated[str, id_example("acc")]
    email: Annotated[str | None, Meta(examples=["ada@example.org"])]
    email_verified_at: Annotated[Time | None, Meta(examples=[None])]
    pending_email: Annotated[str | None, Meta(examples=[None])]
    """The address that it will have once that is confirmed; its own before it may log in at all."""
    name: Annotated[str, Meta(examples=["Ada Brandt"])]
    language: Annotated[str | None, Meta(examples=["en"])]
    """That of the mails to it; null stands for the first language of the site."""
    role: Annotated[Role, Meta(examples=["customer"])]
    status: Status
    created_at: Time
    version: Annotated[int, Meta(examples=[1])]
    erased_at: Annotated[Time | None, Meta(examples=[None])]

    @property
    def awaits_confirmation(self) -> bool:
        """Whether it was signed up for, and works only once its address is confirmed."""
        return self.email is not None and self.pending_email == self.email


class Login(Struct, frozen=True):
    """An account and the hash of its password."""

    account: Account
    password_hash: str


class Credential(Struct, frozen=True):
    """The viewer that a token stands for, and the session or API key (`source_id`) that it belongs to."""

    viewer: Viewer
    source_id: str
    last_used_at: Instant | None
    expires_at: Instant
