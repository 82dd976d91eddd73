"""The HTTP door to mails."""

from __future__ import annotations

from dataclasses import dataclass

from api.mail import queries, records, rules
from api.mail.records import Mail
from api.mail.schemas import MailsQuery, MailView
from api.roles import MAILS_READ, Viewer
from api.storage import Database, Transaction
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import answer


@dataclass(frozen=True)
class Shows:
    """The parts of a mail that are shown: its text unless a mail server is there, links to other staff."""

    texts: bool
    all_links: bool


@dataclass(frozen=True, eq=False)
class Mails:
    db: Database

    @operation(may(MAILS_READ), query=MailsQuery, returns=Page[Mail])
    def on_get(self, req: Request, resp: Response, query: MailsQuery) -> None:
        """List mails, newest first."""
        with self.db.read() as tx:
            rows = queries.list_mails(tx, query.page(), **query.filters())
        page(req, resp, query, rows)


@dataclass(frozen=True, eq=False)
class OneMail:
    db: Database
    shows: Shows

    @operation(may(MAILS_READ), returns=MailView)
    def on_get(self, req: Request, resp: Response, mail: str) -> None:
        """Show a mail; its text by fresh session only, and only if nothing sends mails."""
        with self.db.read() as tx:
            view = _view(tx, rules.find(tx, ref=mail), req.context.viewer, self.shows)
        answer(resp, view)


@dataclass(frozen=True, eq=False)
class MailSending:
    db: Database
    shows: Shows

    @operation(may(MAILS_READ), returns=MailView, status=202, conditional=True)
    def on_put(self, req: Request, resp: Response, mail: str) -> None:
        """Have a mail written and sent once more."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = rules.find(tx, ref=mail, lock=True)
            conditional.check(req, resp, _view(tx, before, viewer, self.shows))
            after = rules.send_again(tx, before)
            view = _view(tx, after, viewer, self.shows)
        answer(resp, view)
        resp.status = 202


def _view(tx: Transaction, request: records.Request, viewer: Viewer, shows: Shows) -> MailView:
    text = queries.find_text(tx, mail_id=request.mail.id) if shows.texts and viewer.is_fresh else None
    own = not request.to_staff or request.account_id == viewer.id
    return MailView.of(request, text=text, links=own or shows.all_links)
