"""The HTTP door to codes by mail."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts import letters
from api.accounts.limits.rules import Limits
from api.accounts.login_codes import rules
from api.accounts.login_codes.schemas import AskBody, LoginCodeView
from api.errors import TooMany
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.languages import preferred
from api.web.operation import ANYONE_AS_STRANGER, operation
from api.web.responses import accepted


@dataclass(frozen=True, eq=False)
class LoginCodes:
    db: Database
    networks: ClientNetworks
    limits: Limits
    site: PublicSite

    @operation(
        ANYONE_AS_STRANGER,
        body=AskBody,
        returns=LoginCodeView,
        status=202,
        errors=(TooMany,),
        event="code-asked",
    )
    def on_post(self, req: Request, resp: Response, body: AskBody) -> None:
        """Have a code to log in with sent to the account of that address, if there is one."""
        network = self.networks.of(req)
        letters.check(self.db, self.limits, email=body.email, network=network)
        with self.db.write() as tx:
            letters.count(tx, self.limits, email=body.email, network=network)
            code_id = rules.ask(tx, email=body.email, language=preferred(req, self.site.languages))
        accepted(resp, LoginCodeView(code_id))
