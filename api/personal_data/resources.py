"""The HTTP door to the erasure of accounts, and to the export of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from os import SEEK_END

from api.accounts.profiles import administration, resources
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.personal_data import export, rules
from api.personal_data.schemas import ExportView
from api.roles import ACCOUNTS_WRITE
from api.settings.public_site import PublicSite
from api.shop.guests import tokens
from api.storage import Database
from api.web import conditional, idempotency
from api.web.context import Request, Response
from api.web.operation import BY_FRESH_SESSION, may, operation
from api.web.responses import no_content


@dataclass(frozen=True, eq=False)
class Account(resources.Account):
    """Any account, which an owner may erase."""

    @operation(
        may(ACCOUNTS_WRITE, fresh=True),
        status=204,
        errors=(administration.LastOwner,),
        conditional=True,
        event="account-erased",
    )
    def on_delete(self, req: Request, resp: Response, account: str) -> None:
        """Erase an account for good: its access, name and e-mail."""
        _erase(self.db, req, resp, ref=account)


@dataclass(frozen=True, eq=False)
class Me(resources.Me):
    """One's own account, which one may erase."""

    @operation(
        BY_FRESH_SESSION,
        status=204,
        errors=(administration.LastOwner,),
        conditional=True,
        event="own-account-erased",
    )
    def on_delete(self, req: Request, resp: Response) -> None:
        """Erase your account for good: your access, name and e-mail."""
        _erase(self.db, req, resp, ref=req.context.viewer.id)


@dataclass(frozen=True, eq=False)
class Export:
    db: Database
    site: PublicSite

    @operation(BY_FRESH_SESSION, returns=ExportView, slow=True, later=True, event="export")
    def on_get(self, req: Request, resp: Response) -> None:
        """Read everything that is stored about you, as one document."""
        file, digest = export.write(self.db, viewer=req.context.viewer, site=self.site)
        resp.set_header("ETag", f'"{digest}"')
        resp.downloadable_as = "export.json"
        resp.set_stream(file, file.seek(0, SEEK_END))
        file.seek(0)
        if req.method == "HEAD":  # whose stream nobody reads, and so nobody closes
            file.close()


def _erase(db: Database, req: Request, resp: Response, *, ref: str) -> None:
    with db.write() as tx:
        account = administration.lock(tx, ref=ref)
        conditional.check(req, resp, account)
        rules.erase(tx, account, actor=req.context.viewer)
        idempotency.forget(tx, account.id, *tokens.forget(tx, account_id=account.id))
        if account.erased_at is None:  # only once
            audit.note(tx, "erasure", origin_of(req), subject=account.id)
    no_content(resp)
