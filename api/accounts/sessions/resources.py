"""The HTTP door to sessions: logging in, logging out, and what else is open."""

from __future__ import annotations

from api.accounts.passwords import Hasher
from api.accounts.sessions import logins
from api.accounts.sessions import rules as sessions
from api.accounts.sessions.schemas import LoginBody, LoginView, SessionsQuery, SessionView
from api.errors import TooMany
from api.storage import Database
from api.web import conditional
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.metrics import Metrics
from api.web.operation import ANYONE_AS_STRANGER, BY_SESSION, SIGNED_IN, operation
from api.web.paging import Page, page
from api.web.responses import created, no_content


class Sessions:
    """/v1/sessions"""

    def __init__(self, db: Database, hasher: Hasher, networks: ClientNetworks, metrics: Metrics) -> None:
        self._db = db
        self._hasher = hasher
        self._networks = networks
        self._refused = metrics.counter("kiosque_logins_refused", "Logins refused: wrong, or too many.")

    @operation(
        ANYONE_AS_STRANGER,
        body=LoginBody,
        returns=LoginView,
        status=201,
        errors=(logins.LoginFailed, TooMany),
        slow=True,
    )
    def on_post(self, req: Request, resp: Response, body: LoginBody) -> None:
        """Log in."""
        network = self._networks.of(req)
        with self._refused.count_exceptions((logins.LoginFailed, TooMany)):
            proof = logins.prove(
                self._db, self._hasher, email=body.email, password=body.password, network=network
            )
            with self._db.write() as tx:
                account = logins.accept(tx, proof=proof)
                session = sessions.start(tx, account=account, user_agent=req.user_agent)
        created(resp, LoginView.of(session, account))
        resp.set_header("Cache-Control", "no-store")
        resp.delete_header("ETag")  # no later answer has these bytes


class CurrentSession:
    """/v1/sessions/current"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(BY_SESSION, status=204, conditional=True)
    def on_delete(self, req: Request, resp: Response) -> None:
        """Log out: the token is dead at once."""
        end(self._db, req, resp, req.context.viewer.session_id)


class MySessions:
    """/v1/me/sessions"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, query=SessionsQuery, returns=Page[SessionView])
    def on_get(self, req: Request, resp: Response, query: SessionsQuery) -> None:
        """List your open sessions, newest first."""
        viewer = req.context.viewer
        with self._db.read() as tx:
            rows = sessions.list_live(tx, query.page(), account_id=viewer.id)
        page(req, resp, query, rows, view=lambda row: SessionView.of(row, current_id=viewer.session_id))


class MySession:
    """/v1/me/sessions/{session}"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, status=204, conditional=True)
    def on_delete(self, req: Request, resp: Response, session: str) -> None:
        """End one of your sessions."""
        end(self._db, req, resp, session)


def end(db: Database, req: Request, resp: Response, session_id: str) -> None:
    """End the viewer's session of that id, or NotFound."""
    viewer = req.context.viewer
    with db.write() as tx:
        found = sessions.find(tx, account_id=viewer.id, session_id=session_id)
        conditional.check(req, resp, SessionView.of(found, current_id=viewer.session_id))
        sessions.end(tx, account_id=viewer.id, session_id=session_id)
    no_content(resp)
