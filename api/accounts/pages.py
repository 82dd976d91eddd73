"""The pages of the site that links in mails lead to; the token is behind the #, where no server sees it."""

from __future__ import annotations

from api.mail.writing import Link
from api.settings.public_site import PublicSite

CONFIRM = "/confirm/"
"""Sends the token to POST /v1/email-confirmations."""
RESET = "/reset/"
"""Sends the token and a new password to POST /v1/password-changes; without a token, asks for a mail."""

RESTORE = "/restore/"
"""Sends the token to POST /v1/email-restorations."""
LOGIN = "/login/"


def link(site: PublicSite, page: str, token: str | None = None) -> Link:
    """The address of the page, with the token."""
    return Link(f"{site.url}{page}" + (f"#token={token}" if token else ""))
