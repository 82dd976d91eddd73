"""The HTTP door to accounts: signing up, one's own, everyone's, and what roles may do."""

from __future__ import annotations

from api.accounts.passwords import Hasher
from api.accounts.profiles import administration, queries, registration
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.schemas import (
    AccountBody,
    AccountPatch,
    AccountsQuery,
    AccountView,
    MePatch,
    PasswordBody,
    RoleView,
)
from api.accounts.roles import ACCOUNTS_READ, ACCOUNTS_WRITE, PERMISSIONS
from api.accounts.sessions.logins import WrongPassword
from api.accounts.weak_passwords import WeakPassword
from api.errors import NotAllowed, NotFound, TooMany
from api.storage import Database
from api.web import conditional
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.operation import ANYONE, ANYONE_AS_STRANGER, SIGNED_IN, may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, listed, no_content


class Accounts:
    """/v1/accounts"""

    def __init__(self, db: Database, hasher: Hasher) -> None:
        self._db = db
        self._hasher = hasher

    @operation(may(ACCOUNTS_READ), query=AccountsQuery, returns=Page[AccountView])
    def on_get(self, req: Request, resp: Response, query: AccountsQuery) -> None:
        """List accounts, newest first."""
        with self._db.read() as tx:
            rows = queries.list_accounts(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=AccountView.of)

    @operation(
        ANYONE_AS_STRANGER,
        body=AccountBody,
        slow=True,
        returns=AccountView,
        status=201,
        errors=(WeakPassword, registration.EmailTaken),
    )
    def on_post(self, _req: Request, resp: Response, body: AccountBody) -> None:
        """Sign up as a customer."""
        hashed = registration.prepare(self._db, self._hasher, email=body.email, password=body.password)
        with self._db.write() as tx:
            account = registration.register(tx, email=body.email, name=body.name, password_hash=hashed)
            created(resp, AccountView.of(account), location=f"/v1/accounts/{account.id}")


class Account:
    """/v1/accounts/{account}"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, returns=AccountView, errors=(NotAllowed,))
    def on_get(self, req: Request, resp: Response, account: str) -> None:
        """Show an account: your own, or any to owners."""
        if account != req.context.viewer.id:
            check_access(req.context.viewer, may(ACCOUNTS_READ))
        with self._db.read() as tx:
            found = queries.find_account(tx, account_id=account)
        if found is None:
            raise NotFound
        answer(resp, AccountView.of(found))

    @operation(
        may(ACCOUNTS_WRITE),
        body=AccountPatch,
        returns=AccountView,
        errors=(administration.LastOwner,),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, account: str, body: AccountPatch) -> None:
        """Change an account's name, role or status."""
        with self._db.write() as tx:
            found = administration.take(tx, account_id=account)
            conditional.check(req, resp, AccountView.of(found))
            changed = administration.amend(tx, account=found, changes=body.changes())
            answer(resp, AccountView.of(changed))


class Me:
    """/v1/me"""

    def __init__(self, db: Database, hasher: Hasher, networks: ClientNetworks) -> None:
        self._db = db
        self._hasher = hasher
        self._networks = networks

    @operation(SIGNED_IN, returns=AccountView)
    def on_get(self, req: Request, resp: Response) -> None:
        """Show your account."""
        with self._db.read() as tx:
            found = queries.find_account(tx, account_id=req.context.viewer.id)
        if found is None:
            raise NotFound
        answer(resp, AccountView.of(found))

    @operation(
        SIGNED_IN,
        body=MePatch,
        slow=True,
        returns=AccountView,
        errors=(WrongPassword, registration.EmailTaken, TooMany),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, body: MePatch) -> None:
        """Change your name, or your e-mail, which ends your other sessions."""
        viewer, changes = req.context.viewer, body.changes()
        proof = profiles.confirm_email(
            self._db,
            self._hasher,
            viewer=viewer,
            email=changes.get("email"),
            password=body.current_password or None,
            network=self._networks.of(req),
        )
        with self._db.write() as tx:
            account = profiles.take(tx, account_id=viewer.id)
            conditional.check(req, resp, AccountView.of(account))
            changed = profiles.change(tx, account=account, viewer=viewer, changes=changes, proof=proof)
            answer(resp, AccountView.of(changed))


class Password:
    """/v1/me/password"""

    def __init__(self, db: Database, hasher: Hasher, networks: ClientNetworks) -> None:
        self._db = db
        self._hasher = hasher
        self._networks = networks

    @operation(
        SIGNED_IN,
        body=PasswordBody,
        slow=True,
        status=204,
        errors=(WeakPassword, WrongPassword, TooMany),
        conditional=True,
    )
    def on_put(self, req: Request, resp: Response, body: PasswordBody) -> None:
        """Change your password, which ends your other sessions."""
        viewer = req.context.viewer
        proof, hashed = profiles.renew_password(
            self._db,
            self._hasher,
            viewer=viewer,
            current=body.current,
            new=body.new,
            network=self._networks.of(req),
        )
        with self._db.write() as tx:
            # Nobody can GET a password: its validator is that of the account, /v1/me.
            conditional.check(req, resp, AccountView.of(profiles.take(tx, account_id=viewer.id)))
            profiles.change_password(tx, viewer=viewer, proof=proof, password_hash=hashed)
        no_content(resp)


class Roles:
    """/v1/roles"""

    @operation(ANYONE, returns=Page[RoleView])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List roles and what each may do."""
        matrix = [{"role": role, "permissions": sorted(allowed)} for role, allowed in PERMISSIONS.items()]
        listed(resp, matrix, next_page=None)
