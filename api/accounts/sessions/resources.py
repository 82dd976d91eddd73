"""The HTTP door to sessions: logging in, logging out, and the list of open rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import Counter

from api.accounts.login_codes import rules as login_codes
from api.accounts.login_codes.schemas import CodeBody
from api.accounts.passwords import Hasher
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.records import Account
from api.accounts.sessions import logins, rules
from api.accounts.sessions.schemas import ConfirmationBody, LoginBody, LoginView, SessionView
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import TooMany
from api.roles import ACCOUNTS_READ, ACCOUNTS_WRITE, Viewer
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web import conditional
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.operation import ANYONE_AS_STRANGER, BY_SESSION, may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import created, no_content

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
        or_body=CodeBody,
        returns=LoginView,
        status=201,
        errors=(logins.LoginFailed, logins.EmailNotVerified, TooMany),
        slow=True,
        event="login",
    )
    def on_post(self, req: Request, resp: Response, body: LoginBody | CodeBody) -> None:
        """Log in by password, or by a code that was mailed."""
        network = self.networks.of(req)
        with self.refused.count_exceptions((logins.LoginFailed, TooMany)):
            accept = self._by_code(req, body) if isinstance(body, CodeBody) else self._by_password(req, body)
            with self.db.write() as tx:
                account = accept(tx, network=network, language=self.site.languages[0])
                session = rules.create(tx, account, user_agent=req.user_agent)
                origin = origin_of(req, account_id=account.id, session_id=session.id)
                audit.note(tx, "login", origin, subject=account.id)
        req.context.facts = {"account": account.id, "session": session.id}
        created(resp, LoginView(session.token, session.expires_at, account))
        resp.set_header("Cache-Control", "no-store")
        resp.delete_header("ETag")  # no later answer has these bytes

    def _by_password(self, req: Request, body: LoginBody) -> Callable[..., Account]:
        proof = logins.prove(
            self.db,
            self.hasher,
            email=body.email,
            password=body.password,
            network=self.networks.of(req),
            origin=origin_of(req),
        )
        return partial(logins.accept, proof=proof)

    def _by_code(self, req: Request, body: CodeBody) -> Callable[..., Account]:
        row = login_codes.prove(self.db, code_id=body.login_code, code=body.code, origin=origin_of(req))
        return partial(login_codes.log_in, row=row, for_staff=self.staff_codes)


@dataclass(frozen=True, eq=False)
class CurrentSession:
    db: Database

    @operation(BY_SESSION, status=204, conditional=True, event="logout")
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
        BY_SESSION,
        body=ConfirmationBody,
        or_body=CodeBody,
        status=204,
        errors=(logins.WrongPassword, logins.LoginFailed, TooMany),
        conditional=True,
        slow=True,
        event="confirmation",
    )
    def on_put(self, req: Request, resp: Response, body: ConfirmationBody | CodeBody) -> None:
        """Prove your password, or a code that was mailed, for 10 minutes of the most powerful changes."""
        viewer = req.context.viewer
        accept = self._by_code(req, body) if isinstance(body, CodeBody) else self._by_password(body, viewer)
        with self.db.write() as tx:
            account = accept(tx)
            if account is None or account.id != viewer.id:
                raise logins.WrongPassword
            session = rules.find(tx, ref=viewer.session_id, account_id=viewer.id)
            conditional.check(req, resp, SessionView.of(session, current_id=viewer.session_id))
            rules.confirm(tx, session, account_id=viewer.id)
        no_content(resp)

    def _by_password(self, body: ConfirmationBody, viewer: Viewer) -> Callable[..., Account | None]:
        proof = logins.confirm(self.db, self.hasher, viewer=viewer, password=body.password)
        return partial(logins.proven, proof=proof)

    def _by_code(self, req: Request, body: CodeBody) -> Callable[..., Account]:
        row = login_codes.prove(self.db, code_id=body.login_code, code=body.code, origin=origin_of(req))
        return partial(login_codes.accept, row=row, for_staff=self.staff_codes)


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


def _end(db: Database, req: Request, resp: Response, ref: str, *, account_id: str) -> None:
    with db.write() as tx:
        session = rules.find(tx, ref=ref, account_id=account_id)
        conditional.check(req, resp, SessionView.of(session, current_id=req.context.viewer.session_id))
        rules.delete(tx, session, account_id=account_id)
        audit.note(tx, "logout", origin_of(req), subject=account_id, session=session.id)
    no_content(resp)
