"""The HTTP door to resets of passwords."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts import letters
from api.accounts.limits.rules import Limits
from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.passwords import Hasher
from api.accounts.resets import rules
from api.accounts.resets.schemas import ChangeBody, ResetBody
from api.accounts.verification.schemas import CheckMailView
from api.accounts.weak_passwords import WeakPassword
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import TooMany
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.languages import preferred
from api.web.operation import ANYONE_AS_STRANGER, operation
from api.web.responses import accepted, no_content


@dataclass(frozen=True, eq=False)
class Resets:
    db: Database
    networks: ClientNetworks
    limits: Limits
    site: PublicSite

    @operation(
        ANYONE_AS_STRANGER,
        body=ResetBody,
        returns=CheckMailView,
        status=202,
        errors=(TooMany,),
        event="reset-asked",
    )
    def on_post(self, req: Request, resp: Response, body: ResetBody) -> None:
        """Have a link to a new password sent to the account of that address, if there is one."""
        network = self.networks.of(req)
        letters.check(self.db, self.limits, email=body.email, network=network)
        with self.db.write() as tx:
            letters.count(tx, self.limits, email=body.email, network=network)
            rules.ask(tx, email=body.email, language=preferred(req, self.site.languages))
        accepted(resp, CheckMailView())


@dataclass(frozen=True, eq=False)
class PasswordChanges:
    db: Database
    hasher: Hasher
    own_words: frozenset[str]
    site: PublicSite

    @operation(
        ANYONE_AS_STRANGER,
        body=ChangeBody,
        slow=True,
        later=True,
        status=204,
        errors=(LinkSpent, WeakPassword),
        event="password-reset",
    )
    def on_post(self, req: Request, resp: Response, body: ChangeBody) -> None:
        """Choose a new password by the token of a mail, which ends all sessions and API keys."""
        hashed = rules.prepare(
            self.db, self.hasher, token=body.token, password=body.password, own_words=self.own_words
        )
        with self.db.write() as tx:
            account = rules.change(
                tx, token=body.token, password_hash=hashed, language=preferred(req, self.site.languages)
            )
            audit.note(tx, "password", origin_of(req), subject=account.id, by="reset")
        req.context.facts = {"account": account.id}
        no_content(resp)
