"""Confirmations of e-mail addresses as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.text.fields import NO_CONTROL

MailedToken = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=NO_CONTROL,
        examples=["Zm9nZ3kgaGFyYm91ciBvbiBhIHF1aWV0IG1vcm5pbmc"],
    ),
]
"""A token from a link; of another form it is as unknown as any."""


class TokenBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A token that was mailed to the address."""

    token: MailedToken


class CheckMailView(msgspec.Struct):
    """An answer that is the same whoever asks: what comes of it is in the mail, if there is one."""

    status: Annotated[Literal["check-mail"], Meta(examples=["check-mail"])] = "check-mail"
