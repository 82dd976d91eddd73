"""The HTTP door to downloads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from api.accounts.mail_tokens.rules import LinkSpent
from api.errors import NotFound
from api.roles import ME_READ, ORDERS_PLACE, ORDERS_READ, ORDERS_WRITE
from api.shop.downloads import queries, rules
from api.shop.downloads.files import OTHER, Files, attachment_name, type_of
from api.shop.downloads.rules import DownloadsUsedUp
from api.shop.downloads.schemas import DownloadView, LinkView
from api.shop.orders import rules as orders
from api.storage import Database
from api.web import conditional, ranges
from api.web.cached import PRIVATE
from api.web.context import Request, Response
from api.web.operation import ANYONE_AS_STRANGER, may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.ranges import RangeNotSatisfiable
from api.web.responses import created
from api.web.safety import RESOURCE_POLICY
from api.web.sendfile import Sendfile


@dataclass(frozen=True, eq=False)
class Downloads:
    db: Database
    files: Files

    @operation(
        may(ME_READ, ORDERS_READ, or_guest=True),
        query=page_of("ent"),
        returns=Page[DownloadView],
        errors=(NotFound,),
    )
    def on_get(self, req: Request, resp: Response, order: str, query: PageQuery) -> None:
        """List the files that come with a paid order."""
        with self.db.read() as tx:
            own = orders.find(tx, ref=order, viewer=req.context.viewer)
            rows = queries.list_entitlements(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows, view=partial(DownloadView.at, files=self.files))


@dataclass(frozen=True, eq=False)
class Links:
    db: Database
    files: Files
    site: str
    hours: int

    @operation(
        may(ORDERS_PLACE, ORDERS_WRITE, or_guest=True),
        returns=LinkView,
        status=201,
        errors=(NotFound, LinkSpent, DownloadsUsedUp),
        repeats=True,
    )
    def on_post(self, req: Request, resp: Response, entitlement: str) -> None:
        """Make a link to a file, which spends one of those left; while one works, it is given again."""
        self._check_file(entitlement)
        with self.db.write() as tx:
            link, is_new = rules.link(tx, ref=entitlement, viewer=req.context.viewer, hours=self.hours)
        created(resp, LinkView.of(link, self.site), lasts=True)
        if not is_new:
            resp.status = 200

    def _check_file(self, ref: str) -> None:
        """NotFound for a file that is not there, before a link to it is spent."""
        with self.db.read() as tx:
            bought = queries.find_entitlement(tx, ref=ref)
            is_owed = bought is not None and not bought.is_over(tx.now)
        if bought is not None and is_owed and self.files.length(bought) is None:
            raise NotFound


@dataclass(frozen=True, eq=False)
class PurchasedFile:
    """A file, for whoever has a link to it."""

    db: Database
    files: Files
    sendfile: Sendfile

    @operation(ANYONE_AS_STRANGER, media_types=(OTHER,), errors=(NotFound, LinkSpent, RangeNotSatisfiable))
    def on_get(self, req: Request, resp: Response, token: str) -> None:
        """Read a file by its link, or a range of it, as often as it takes."""
        resp.set_headers({"Cache-Control": PRIVATE, RESOURCE_POLICY: "same-origin"})
        with self.db.read() as tx:
            bought = rules.find(tx, token=token)
        file = self.files.find(bought)
        resp.set_headers(
            {
                "Accept-Ranges": "bytes",
                "ETag": file.etag,
                "Content-Disposition": _attachment(attachment_name(bought)),
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            }
        )
        known = req.get_header("If-None-Match")
        if known is not None and conditional.matches(known, file.etag, weak=True):
            resp.status = 304
            return
        resp.content_type = type_of(bought)
        place = self.sendfile.place(req, file.place)
        ranges.send(req, resp, size=file.size, etag=file.etag, open=file.open, place=place)


def _attachment(name: str) -> str:
    """The name in ASCII for old clients, and in any script for the others (RFC 6266 §4.3 and appendix D)."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%/' else "_"
        for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
