"""The HTTP door to the first owner."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.limits.rules import Limits
from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.passwords import Hasher
from api.accounts.profiles.registration import EmailTaken
from api.accounts.sessions import rules as sessions
from api.accounts.sessions.resources import logged_in
from api.accounts.sessions.schemas import LoginView
from api.accounts.setup import rules
from api.accounts.setup.schemas import SetupBody
from api.accounts.throttle import rules as throttle
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


@dataclass(frozen=True, eq=False)
class Setup:
    db: Database
    hasher: Hasher
    networks: ClientNetworks
    limits: Limits
    own_words: frozenset[str]
    site: PublicSite

    @operation(
        ANYONE_AS_STRANGER,
        body=SetupBody,
        slow=True,
        later=True,
        returns=LoginView,
        status=201,
        errors=(LinkSpent, WeakPassword, EmailTaken, TooMany),
        event="setup",
    )
    def on_post(self, req: Request, resp: Response, body: SetupBody) -> None:
        """Become the first owner, by the link that the server prints, and be logged in."""
        network = self.networks.of(req)
        hashed = rules.prepare(
            self.db,
            self.hasher,
            self.limits,
            token=body.token,
            email=body.email,
            password=body.password,
            network=network,
            own_words=self.own_words,
        )
        with self.db.write() as tx:
            account = rules.make_owner(
                tx,
                token=body.token,
                email=body.email,
                name=body.name,
                password_hash=hashed,
                language=preferred(req, self.site.languages),
            )
            throttle.note_login(tx, account_id=account.id, network=network)
            session = sessions.create(tx, account, user_agent=req.user_agent)
            origin = origin_of(req, account_id=account.id, session_id=session.id)
            audit.note(tx, "role", origin, subject=account.id, role=account.role, by="setup")
            audit.note(tx, "login", origin, subject=account.id)
        req.context.facts = {"account": account.id, "session": session.id}
        logged_in(resp, session, account)
