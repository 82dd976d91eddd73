"""The first owner as JSON."""

from __future__ import annotations

from api.accounts.profiles.schemas import AccountBody
from api.accounts.verification.schemas import MailedToken


class SetupBody(AccountBody, forbid_unknown_fields=True, kw_only=True):
    """The first owner, by the token of the link that the server printed."""

    token: MailedToken
