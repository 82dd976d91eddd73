"""The HTTP door to second factors."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.passwords import Hasher
from api.accounts.second_factors import queries, records, rules
from api.accounts.second_factors.schemas import FactorBody, FactorCodeBody
from api.accounts.sessions import logins
from api.accounts.sessions.logins import LoginFailed, WrongPassword
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import TooMany
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import answer, created, no_content

_BY_SESSION = may(by_session=True, without_factor=True)
_BY_FRESH_SESSION = may(fresh=True, without_factor=True)


@dataclass(frozen=True, eq=False)
class SecondFactors:
    db: Database
    hasher: Hasher
    site: PublicSite

    @operation(_BY_SESSION, query=page_of("fac"), returns=Page[records.SecondFactor])
    def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        """List your second factors: at most one that is active, and one that waits for its first code."""
        with self.db.read() as tx:
            rows = queries.list_factors(tx, query.page(), account_id=req.context.viewer.id)
        page(req, resp, query, rows)

    @operation(
        _BY_FRESH_SESSION,
        body=FactorBody,
        returns=records.NewSecondFactor,
        status=201,
        errors=(WrongPassword, TooMany),
        slow=True,
        event="second-factor-made",
    )
    def on_post(self, req: Request, resp: Response, body: FactorBody) -> None:
        """Make a second factor, which counts once it is activated; its secrets are shown only once."""
        proof = logins.confirm(self.db, self.hasher, viewer=req.context.viewer, password=body.password)
        with self.db.write() as tx:
            account = logins.proven(tx, proof=proof)
            if account is None:
                raise WrongPassword
            factor = rules.create(tx, account, issuer=self.site.name)
        created(resp, factor, location=f"/v1/me/second-factors/{factor.id}")
        resp.delete_header("ETag")  # no later answer has these bytes


@dataclass(frozen=True, eq=False)
class SecondFactor:
    db: Database

    @operation(_BY_SESSION, returns=records.SecondFactor)
    def on_get(self, req: Request, resp: Response, factor: str) -> None:
        """Read a second factor of yours, without its secrets."""
        with self.db.read() as tx:
            answer(resp, rules.find(tx, ref=factor, account_id=req.context.viewer.id))

    @operation(_BY_FRESH_SESSION, status=204, conditional=True, event="second-factor-off")
    def on_delete(self, req: Request, resp: Response, factor: str) -> None:
        """Remove a second factor of yours, and its recovery codes."""
        own = req.context.viewer.id
        with self.db.write() as tx:
            before = rules.find(tx, ref=factor, account_id=own)
            conditional.check(req, resp, before)
            rules.delete(tx, before, account_id=own)
            if before.status == "active":
                audit.note(tx, "second-factor", origin_of(req), subject=own, change="off")
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Activation:
    db: Database

    @operation(
        _BY_SESSION,
        body=FactorCodeBody,
        returns=records.SecondFactor,
        errors=(LoginFailed, TooMany),
        conditional=True,
        slow=True,
        event="second-factor-on",
    )
    def on_put(self, req: Request, resp: Response, factor: str, body: FactorCodeBody) -> None:
        """Activate a second factor by its first code, in place of the one before."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = rules.find(tx, ref=factor, account_id=viewer.id)
            conditional.check(req, resp, before)
            after = rules.activate(tx, before, actor=viewer, code=body.code)
            if isinstance(after, records.SecondFactor) and after != before:
                audit.note(tx, "second-factor", origin_of(req), subject=viewer.id, change="on")
        if not isinstance(after, records.SecondFactor):
            raise after
        answer(resp, after)
