"""The HTTP door to redirects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from api.errors import NotFound
from api.redirects import queries, rules
from api.redirects.schemas import RedirectBody, RedirectsQuery, RedirectView
from api.roles import REDIRECTS_WRITE
from api.settings.public_site import PublicSite
from api.storage import Database
from api.taxonomy.rules import InUse
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import forget, replayable
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import created, no_content


@dataclass(frozen=True, eq=False)
class Redirects:
    """The redirects of the site."""

    db: Database
    site: PublicSite

    @operation(may(REDIRECTS_WRITE), query=RedirectsQuery, returns=Page[RedirectView])
    def on_get(self, req: Request, resp: Response, query: RedirectsQuery) -> None:
        """List redirects, newest first."""
        with self.db.read() as tx:
            rows = queries.list_redirects(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=partial(RedirectView.of, site=self.site))

    @operation(
        may(REDIRECTS_WRITE),
        body=RedirectBody,
        returns=RedirectView,
        status=201,
        errors=(InUse,),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: RedirectBody) -> None:
        """Send visitors of an address to another one."""
        draft = body.draft()
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                redirect = rules.create(tx, draft, site=self.site, actor=req.context.viewer)
                created(resp, RedirectView.of(redirect, site=self.site))


@dataclass(frozen=True, eq=False)
class Redirect:
    """One redirect."""

    db: Database
    site: PublicSite

    @operation(may(REDIRECTS_WRITE), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, redirect: str) -> None:
        """End a redirect."""
        with self.db.write() as tx:
            before = rules.find(tx, redirect_id=redirect, lock=True)
            conditional.check(req, resp, RedirectView.of(before, site=self.site))
            rules.delete(tx, before)
            forget(tx, before.id)
        no_content(resp)
