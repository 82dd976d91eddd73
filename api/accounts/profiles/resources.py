"""The HTTP door to accounts, one's own and everyone's, and to the matrix of roles."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts import letters, weak_passwords
from api.accounts.limits.rules import Limits
from api.accounts.passwords import Hasher
from api.accounts.profiles import administration, emails, records, registration, rules
from api.accounts.profiles.schemas import (
    AccountBody,
    AccountPatch,
    AccountsQuery,
    MePatch,
    PasswordBody,
    RoleView,
)
from api.accounts.sessions.logins import WrongPassword
from api.accounts.verification.schemas import CheckMailView
from api.accounts.weak_passwords import WeakPassword
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import TooMany
from api.roles import ACCOUNTS_READ, ACCOUNTS_WRITE, ME_READ, ME_WRITE, PERMISSIONS
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web import conditional
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import ConfirmationRequired, SessionRequired
from api.web.languages import preferred
from api.web.operation import (
    ANYONE,
    ANYONE_AS_STRANGER,
    BY_FRESH_SESSION,
    BY_SESSION,
    may,
    nobody,
    operation,
)
from api.web.paging import Page, page
from api.web.responses import accepted, answer, created, listed, no_content


@dataclass(frozen=True, eq=False)
class Accounts:
    db: Database
    hasher: Hasher
    networks: ClientNetworks
    limits: Limits
    own_words: frozenset[str]
    """Words of the site, which make no password."""
    site: PublicSite

    @operation(may(ACCOUNTS_READ), query=AccountsQuery, returns=Page[records.Account])
    def on_get(self, req: Request, resp: Response, query: AccountsQuery) -> None:
        """List accounts, newest first."""
        with self.db.read() as tx:
            rows = rules.list_accounts(tx, query.page(), **query.filters())
        page(req, resp, query, rows)

    @operation(
        ANYONE_AS_STRANGER,
        body=AccountBody,
        slow=True,
        later=True,
        returns=records.Account,
        status=201,
        errors=(WeakPassword, registration.SignUpClosed, registration.EmailTaken, TooMany),
        event="sign-up",
    )
    def on_post(self, req: Request, resp: Response, body: AccountBody) -> None:
        """Sign up as a customer."""
        emails.check(body.email)
        weak_passwords.refuse(body.password, email=body.email, pointer="/password", own=self.own_words)
        registration.count(self.db, self.limits, network=self.networks.of(req))
        hashed = registration.prepare(self.db, self.hasher, email=body.email, password=body.password)
        with self.db.write() as tx:
            account = registration.sign_up(
                tx,
                email=body.email,
                name=body.name,
                password_hash=hashed,
                language=preferred(req, self.site.languages),
            )
            created(resp, account, location=f"/v1/accounts/{account.id}")


class VerifiedAccounts(Accounts):
    """Accounts where sign-ups work once their e-mail is confirmed."""

    @operation(
        ANYONE_AS_STRANGER,
        body=AccountBody,
        slow=True,
        later=True,
        returns=CheckMailView,
        status=202,
        errors=(WeakPassword, TooMany),
        event="sign-up",
    )
    def on_post(self, req: Request, resp: Response, body: AccountBody) -> None:
        """Sign up as a customer, by a mail to the address, which says if it is taken."""
        network = self.networks.of(req)
        emails.check(body.email)
        weak_passwords.refuse(body.password, email=body.email, pointer="/password", own=self.own_words)
        registration.count(self.db, self.limits, network=network)
        letters.check(self.db, self.limits, email=body.email, network=network)
        hashed = self.hasher.hash(body.password)
        with self.db.write() as tx:
            letters.count(tx, self.limits, email=body.email, network=network)
            registration.apply(
                tx,
                email=body.email,
                name=body.name,
                password_hash=hashed,
                language=preferred(req, self.site.languages),
            )
        accepted(resp, CheckMailView())


class ClosedAccounts(Accounts):
    """Accounts where nobody may sign up."""

    @operation(
        nobody(registration.SignUpClosed),
        slow=True,
        later=True,
        status=201,
        errors=(registration.SignUpClosed,),
        event="sign-up",
    )
    def on_post(self, req: Request, resp: Response) -> None:  # type: ignore[override]
        """Sign up, which is closed here."""


@dataclass(frozen=True, eq=False)
class Account:
    db: Database

    @operation(may(ME_READ, ACCOUNTS_READ), returns=records.Account)
    def on_get(self, req: Request, resp: Response, account: str) -> None:
        """Read your own account or, as an owner, anyone's."""
        if account != req.context.viewer.id:
            check_access(req.context.viewer, may(ACCOUNTS_READ))
        with self.db.read() as tx:
            answer(resp, rules.find(tx, ref=account))

    @operation(
        may(ACCOUNTS_WRITE),
        body=AccountPatch,
        returns=records.Account,
        errors=(SessionRequired, ConfirmationRequired, administration.LastOwner, rules.AccountErased),
        conditional=True,
        event="account-changed",
    )
    def on_patch(self, req: Request, resp: Response, account: str, body: AccountPatch) -> None:
        """Change an account's name, or by a fresh session its role or status."""
        changes = body.changes()
        after = {name: changes.get(name) for name in ("role", "status")}
        req.context.facts = {"fields": " ".join(sorted(changes)), **after}
        if {"role", "status"} & changes.keys():
            check_access(req.context.viewer, BY_FRESH_SESSION)
        with self.db.write() as tx:
            before = administration.lock(tx, ref=account)
            conditional.check(req, resp, before)
            answer(resp, administration.change(tx, before, changes, actor=req.context.viewer))
            for kind in ("role", "status"):
                if changes.get(kind, getattr(before, kind)) != getattr(before, kind):
                    audit.note(tx, kind, origin_of(req), subject=account, **{kind: changes[kind]})


@dataclass(frozen=True, eq=False)
class Me:
    db: Database
    hasher: Hasher
    networks: ClientNetworks
    limits: Limits
    site: PublicSite

    @operation(may(ME_READ), returns=records.Account)
    def on_get(self, req: Request, resp: Response) -> None:
        """Read your account."""
        with self.db.read() as tx:
            answer(resp, rules.find(tx, ref=req.context.viewer.id))

    @operation(
        may(ME_WRITE),
        body=MePatch,
        slow=True,
        returns=records.Account,
        errors=(SessionRequired, WrongPassword, TooMany),
        conditional=True,
        waits=True,
        event="own-account-changed",
    )
    def on_patch(self, req: Request, resp: Response, body: MePatch) -> None:
        """Change your name or language, or by session your e-mail, once the new address confirms it."""
        viewer, changes = req.context.viewer, body.changes()
        req.context.facts = {"fields": " ".join(sorted(changes.keys() - {"current_password"}))}
        if {"email", "current_password"} & changes.keys():
            check_access(viewer, BY_SESSION)
        proof = rules.confirm_email(
            self.db,
            self.hasher,
            viewer=viewer,
            email=changes.get("email"),
            password=changes.pop("current_password", None),
        )
        with self.db.write() as tx:
            before = rules.find(tx, ref=viewer.id, lock=True)
            conditional.check(req, resp, before)
            if proof is not None:
                letters.count(tx, self.limits, email=changes["email"], network=self.networks.of(req))
            language = preferred(req, self.site.languages)
            after = rules.change(tx, before, changes, proof=proof, language=language)
        answer(resp, after)
        resp.status = 202 if proof is not None else 200


@dataclass(frozen=True, eq=False)
class Password:
    db: Database
    hasher: Hasher
    own_words: frozenset[str]
    site: PublicSite

    @operation(
        BY_SESSION,
        body=PasswordBody,
        slow=True,
        status=204,
        errors=(WeakPassword, WrongPassword, TooMany),
        conditional=True,
        event="password-changed",
    )
    def on_put(self, req: Request, resp: Response, body: PasswordBody) -> None:
        """Change your password, which ends your other sessions and your API keys."""
        viewer = req.context.viewer
        proof, hashed = rules.renew_password(
            self.db,
            self.hasher,
            viewer=viewer,
            current=body.current,
            new=body.new,
            own_words=self.own_words,
        )
        with self.db.write() as tx:
            # Nobody can GET a password: its validator is that of the account, /v1/me.
            conditional.check(req, resp, rules.find(tx, ref=viewer.id, lock=True))
            rules.change_password(
                tx,
                actor=viewer,
                proof=proof,
                password_hash=hashed,
                keep_keys=body.keep_keys,
                language=preferred(req, self.site.languages),
            )
            audit.note(tx, "password", origin_of(req), subject=viewer.id)
        no_content(resp)


class Roles:
    @operation(ANYONE, returns=Page[RoleView])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the roles and their permissions."""
        matrix = [RoleView(role, sorted(permissions)) for role, permissions in PERMISSIONS.items()]
        listed(resp, matrix, next_page=None)
