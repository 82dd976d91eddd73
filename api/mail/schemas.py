"""Mails as JSON."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from msgspec import Meta

from api.mail.records import Mail, MailKind, MailState, Request
from api.text.fields import Search
from api.web.paging import PageQuery
from api.web.views import view_of

_SECRET = re.compile(r"(#\w+=)\S+|^\d{6}$", re.MULTILINE)
"""The token of a link, or a code."""


class MailsQuery(PageQuery):
    prefix: ClassVar[str] = "mail"
    state: MailState | None = None
    to: Search | None = None
    kind: MailKind | None = None


class MailView(Mail, frozen=True, kw_only=True):
    """A mail; `text` is there for a fresh session, if nothing sends mails."""

    text: Annotated[str | None, Meta(examples=[None])]

    @classmethod
    def of(cls, request: Request, *, text: str | None, links: bool) -> MailView:
        """The mail, with what makes its links and codes work only if `links`."""
        shown = text if text is None or links else _SECRET.sub(lambda match: f"{match[1] or ''}…", text)
        return view_of(cls, request.mail, text=shown)
