"""The HTTP door to sessions: logging in, logging out, and the list of open rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import Counter

from api.accounts.challenges import rules as challenges
from api.accounts.login_codes import rules as login_codes
from api.accounts.login_codes.schemas import CodeBody
from api.accounts.passwords import Hasher
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.records import Account
from api.accounts.second_factors import rules as second_factors
from api.accounts.second_factors.records import Evidence
from api.accounts.second_factors.schemas import ChallengeBody, FactorCodeBody, RecoveryBody
from api.accounts.sessions import logins, networks, rules
from api.accounts.sessions.records import NewSession
from api.accounts.sessions.schemas import ConfirmationBody, LoginBody, LoginView, SessionView
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import DomainError, TooMany
from api.roles import ACCOUNTS_READ, ACCOUNTS_WRITE
from api.settings.public_site import PublicSite
from api.storage import Database, Transaction
from api.web import conditional
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.operation import ANYONE_AS_STRANGER, BY_SESSION, may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import created, no_content

Step = Callable[[Transaction], Account | DomainError]
"""A step of a login: the account that is in, or the refusal to commit."""
REFUSED = ("kiosque_logins_refused", "Logins refused: wrong, or too many.")


@dataclass(frozen=True, eq=False)
class Sessions:
    db: Database
    hasher: Hasher
    networks: ClientNetworks
    refused: Counter
    staff_codes: bool
    """Whether staff may log in by code."""
    site: PublicSite

    @operation(
        ANYONE_AS_STRANGER,
        body=LoginBody,
        or_bodies=(CodeBody, ChallengeBody, RecoveryBody),
        returns=LoginView,
        status=201,
        errors=(logins.LoginFailed, logins.EmailNotVerified, challenges.SecondFactorRequired, TooMany),
        slow=True,
        event="login",
    )
    def on_post(
        self, req: Request, resp: Response, body: LoginBody | CodeBody | ChallengeBody | RecoveryBody
    ) -> None:
        """Log in by password or by a code that was mailed, and then by a second factor if there is one."""
        network = self.networks.of(req)
        with self.refused.count_exceptions((logins.LoginFailed, TooMany)):
            step = self._step(req, body)
            with self.db.write() as tx:
                account = step(tx)
                if isinstance(account, Account):
                    networks.note(tx, account, network=network, language=self.site.languages[0])
                    session = rules.create(tx, account, user_agent=req.user_agent)
                    origin = origin_of(req, account_id=account.id, session_id=session.id)
                    audit.note(tx, "login", origin, subject=account.id)
            if not isinstance(account, Account):
                raise account
        req.context.facts = {"account": account.id, "session": session.id}
        logged_in(resp, session, account)

    def _step(self, req: Request, body: LoginBody | CodeBody | ChallengeBody | RecoveryBody) -> Step:
        network, origin = self.networks.of(req), origin_of(req)
        match body:
            case LoginBody():
                proof = logins.prove(
                    self.db,
                    self.hasher,
                    email=body.email,
                    password=body.password,
                    network=network,
                    origin=origin,
                )
                return self._first(req, partial(logins.accept, proof=proof, network=network))
            case CodeBody():
                row = login_codes.prove(self.db, code_id=body.login_code, code=body.code, origin=origin)
                return self._first(req, partial(login_codes.accept, row=row, for_staff=self.staff_codes))
            case ChallengeBody():
                evidence = Evidence(code=body.code)
            case RecoveryBody():
                evidence = Evidence(recovery_code=body.recovery_code)
        return partial(
            challenges.answer, token=body.challenge, evidence=evidence, network=network, origin=origin
        )

    def _first(self, req: Request, accept: Callable[[Transaction], Account]) -> Step:
        def step(tx: Transaction) -> Account | DomainError:
            account = accept(tx)
            required = challenges.require(tx, account)
            if required is not None:
                req.context.event, req.context.facts = "second-factor-asked", {"account": account.id}
            return required or account

        return step


@dataclass(frozen=True, eq=False)
class CurrentSession:
    db: Database

    @operation(may(by_session=True, without_factor=True), status=204, conditional=True, event="logout")
    def on_delete(self, req: Request, resp: Response) -> None:
        """Log out: the token stops working at once."""
        viewer = req.context.viewer
        _end(self.db, req, resp, viewer.session_id, account_id=viewer.id)


@dataclass(frozen=True, eq=False)
class Confirmation:
    db: Database
    hasher: Hasher
    staff_codes: bool
    """Whether staff may confirm by code."""

    @operation(
        may(by_session=True, without_factor=True),
        body=ConfirmationBody,
        or_bodies=(FactorCodeBody, CodeBody),
        status=204,
        errors=(logins.WrongPassword, logins.LoginFailed, TooMany),
        conditional=True,
        slow=True,
        event="confirmation",
    )
    def on_put(
        self, req: Request, resp: Response, body: ConfirmationBody | FactorCodeBody | CodeBody
    ) -> None:
        """Prove your password, or a code of the app or of a mail, for 10 minutes of powerful changes."""
        viewer = req.context.viewer
        prove = self._proof(req, body)
        with self.db.write() as tx:
            refusal = prove(tx)
            if refusal is None:
                session = rules.find(tx, ref=viewer.session_id, account_id=viewer.id)
                conditional.check(req, resp, SessionView.of(session, current_id=viewer.session_id))
                rules.confirm(tx, session, account_id=viewer.id)
        if refusal is not None:
            raise refusal
        no_content(resp)

    def _proof(
        self, req: Request, body: ConfirmationBody | FactorCodeBody | CodeBody
    ) -> Callable[[Transaction], DomainError | None]:
        viewer = req.context.viewer
        accept: Callable[[Transaction], Account | None]
        match body:
            case ConfirmationBody():
                proof = logins.confirm(self.db, self.hasher, viewer=viewer, password=body.password)
                accept = partial(logins.proven, proof=proof)
            case CodeBody():
                row = login_codes.prove(
                    self.db, code_id=body.login_code, code=body.code, origin=origin_of(req)
                )
                accept = partial(login_codes.accept, row=row, for_staff=self.staff_codes)
            case FactorCodeBody():
                return partial(second_factors.confirm, actor=viewer, code=body.code)

        def prove(tx: Transaction) -> None:
            account = accept(tx)
            if account is None or account.id != viewer.id:
                raise logins.WrongPassword

        return prove


@dataclass(frozen=True, eq=False)
class MySessions:
    db: Database

    @operation(BY_SESSION, query=page_of("ses"), returns=Page[SessionView])
    def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        """List your open sessions, newest first."""
        viewer = req.context.viewer
        with self.db.read() as tx:
            rows = rules.list_live(tx, query.page(), account_id=viewer.id)
        page(req, resp, query, rows, view=lambda row: SessionView.of(row, current_id=viewer.session_id))


@dataclass(frozen=True, eq=False)
class MySession:
    db: Database

    @operation(BY_SESSION, status=204, conditional=True, event="session-ended")
    def on_delete(self, req: Request, resp: Response, session: str) -> None:
        """End one of your sessions."""
        _end(self.db, req, resp, session, account_id=req.context.viewer.id)


@dataclass(frozen=True, eq=False)
class AccountSessions:
    db: Database

    @operation(may(ACCOUNTS_READ, by_session=True), query=page_of("ses"), returns=Page[SessionView])
    def on_get(self, req: Request, resp: Response, account: str, query: PageQuery) -> None:
        """List the open sessions of an account, newest first."""
        viewer = req.context.viewer
        with self.db.read() as tx:
            profiles.find(tx, ref=account)
            rows = rules.list_live(tx, query.page(), account_id=account)
        page(req, resp, query, rows, view=lambda row: SessionView.of(row, current_id=viewer.session_id))


@dataclass(frozen=True, eq=False)
class AccountSession:
    db: Database

    @operation(may(ACCOUNTS_WRITE, fresh=True), status=204, conditional=True, event="session-ended")
    def on_delete(self, req: Request, resp: Response, account: str, session: str) -> None:
        """End a session of an account: its token stops working at once."""
        _end(self.db, req, resp, session, account_id=account)


def logged_in(resp: Response, session: NewSession, account: Account) -> None:
    """Answer with a new session, whose token nobody may store on the way."""
    created(resp, LoginView(session.token, session.expires_at, account))
    resp.set_header("Cache-Control", "no-store")
    resp.delete_header("ETag")  # no later answer has these bytes


def _end(db: Database, req: Request, resp: Response, ref: str, *, account_id: str) -> None:
    with db.write() as tx:
        session = rules.find(tx, ref=ref, account_id=account_id)
        conditional.check(req, resp, SessionView.of(session, current_id=req.context.viewer.session_id))
        rules.delete(tx, session, account_id=account_id)
        audit.note(tx, "logout", origin_of(req), subject=account_id, session=session.id)
    no_content(resp)
