"""Resets of passwords as JSON."""

from __future__ import annotations

import msgspec

from api.accounts.profiles.emails import Email
from api.accounts.profiles.schemas import NewPassword
from api.accounts.verification.schemas import MailedToken


class ResetBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The address of the account whose password is forgotten."""

    email: Email


class ChangeBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new password, by a token that was mailed."""

    token: MailedToken
    password: NewPassword
