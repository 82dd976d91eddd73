"""Codes to log in with, as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.accounts.profiles.emails import Email
from api.text.fields import NO_CONTROL, id_example

CodeId = Annotated[str, Meta(min_length=1, max_length=100, pattern=NO_CONTROL), id_example("lgc")]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z", examples=["123456"])]


class AskBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The address of the account to log in to."""

    email: Email


class LoginCodeView(msgspec.Struct):
    """The id that the code works with, if one is mailed."""

    id: Annotated[str, id_example("lgc")]


class CodeBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A code that was mailed, in place of a password."""

    login_code: CodeId
    code: Code
