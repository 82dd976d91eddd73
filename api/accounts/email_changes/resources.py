"""The HTTP door to the undoing of changes of e-mail addresses."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.email_changes import rules
from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.verification.schemas import TokenBody
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web.context import Request, Response
from api.web.languages import preferred
from api.web.operation import ANYONE_AS_STRANGER, operation
from api.web.responses import no_content


@dataclass(frozen=True, eq=False)
class Restorations:
    db: Database
    site: PublicSite

    @operation(ANYONE_AS_STRANGER, body=TokenBody, status=204, errors=(LinkSpent,), event="email-restored")
    def on_post(self, req: Request, resp: Response, body: TokenBody) -> None:
        """Put an e-mail address back by the token that was mailed to it, and end all access."""
        with self.db.write() as tx:
            account = rules.restore(tx, token=body.token, language=preferred(req, self.site.languages))
            audit.note(tx, "email", origin_of(req), subject=account.id, by="restoration")
        req.context.facts = {"account": account.id}
        no_content(resp)
