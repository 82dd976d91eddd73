"""The HTTP door to the verification of e-mail addresses."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts import letters
from api.accounts.email_changes import rules as email_changes
from api.accounts.limits.rules import Limits
from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.profiles import rules as profiles
from api.accounts.verification import rules
from api.accounts.verification.schemas import CheckMailView, TokenBody
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import TooMany
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.languages import preferred
from api.web.operation import ANYONE_AS_STRANGER, BY_SESSION, operation
from api.web.responses import accepted, no_content


@dataclass(frozen=True, eq=False)
class Verifications:
    db: Database
    networks: ClientNetworks
    limits: Limits
    site: PublicSite

    @operation(BY_SESSION, returns=CheckMailView, status=202, errors=(TooMany,))
    def on_post(self, req: Request, resp: Response) -> None:
        """Have a mail sent that confirms your e-mail address, unless it is confirmed."""
        viewer, network = req.context.viewer, self.networks.of(req)
        letters.check(self.db, self.limits, email=viewer.email, network=network)
        with self.db.write() as tx:
            letters.count(tx, self.limits, email=viewer.email, network=network)
            account = profiles.find(tx, ref=viewer.id)
            rules.ask(tx, account, language=preferred(req, self.site.languages))
        accepted(resp, CheckMailView())


@dataclass(frozen=True, eq=False)
class Confirmations:
    db: Database
    site: PublicSite

    @operation(ANYONE_AS_STRANGER, body=TokenBody, status=204, errors=(LinkSpent,), event="email-verified")
    def on_post(self, req: Request, resp: Response, body: TokenBody) -> None:
        """Confirm an e-mail address by the token that was mailed to it."""
        with self.db.write() as tx:
            account = email_changes.confirm(
                tx, token=body.token, language=preferred(req, self.site.languages)
            )
            audit.note(tx, "email", origin_of(req), subject=account.id, by="confirmation")
        req.context.facts = {"account": account.id}
        no_content(resp)
