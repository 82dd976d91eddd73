"""Second factors as JSON; the view of one is its record."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.accounts.login_codes.schemas import Code
from api.accounts.profiles.schemas import Password
from api.text.fields import NO_CONTROL

Challenge = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=NO_CONTROL,
        examples=["kc_dGhlIGhhcmJvdXIgaXMgZm9nZ3kgdG9kYXk_AAAAAAA"],
    ),
]
RecoveryCode = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=NO_CONTROL, examples=["9k2m-x4q7-t0vb-6w3n"])
]
"""In upper or lower case, with or without its hyphens."""


class FactorBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The password of who asks for a second factor."""

    password: Password


class FactorCodeBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A code of the app."""

    code: Code


class ChallengeBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The second step of a login, by a code of the app."""

    challenge: Challenge
    code: Code


class RecoveryBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The second step of a login, by a recovery code."""

    challenge: Challenge
    recovery_code: RecoveryCode
