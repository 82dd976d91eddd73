"""Proofs of a password: throttled, with the same time and words whatever is wrong, and never under a lock.

The proof is made between two transactions, so these rules take the database where others take `tx`.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries
from api.accounts.profiles.records import Account
from api.accounts.throttle import rules as throttle
from api.audit import rules as audit
from api.audit.records import SHELL, Origin
from api.errors import NotAllowed, NotSignedIn, TooMany
from api.roles import ACTIVE, Viewer
from api.storage import Database, Transaction


class LoginFailed(NotSignedIn):
    """Wrong e-mail, password or code, or the account is suspended."""

    code, title = "login-failed", "Login failed"
    remedy = "Check each; after five failures, each further attempt is delayed."


class EmailNotVerified(NotAllowed):
    """The e-mail of this account is not confirmed yet, and either the account is new or this needs it."""

    code, title = "email-not-verified", "E-mail not verified"
    remedy = (
        "Use the link in the mail that followed the sign-up; POST /v1/me/email-verifications sends another,"
        " and POST /v1/password-resets one to whoever cannot log in."
    )


class WrongPassword(NotAllowed):
    """The current password is wrong."""

    code, title = "wrong-password", "Wrong password"
    remedy = "Send the password that you log in with; after five failures, each further attempt is delayed."


class Proof(Struct, frozen=True):
    """Evidence that someone knew the password of an active account at the time of the check."""

    account_id: str
    password_hash: str
    renewed_hash: str | None
    email_key: str
    awaits_confirmation: bool


def prove(
    db: Database, hasher: Hasher, *, email: str, password: str, network: str, origin: Origin = SHELL
) -> Proof:
    """Check a login, or raise LoginFailed, TooMany or Busy; counts as a failure until it is accepted.

    EmailNotVerified for the right password of an account that does not work yet.
    """
    attempt = {"email_key": emails.key_of(email), "network": network}
    with db.read() as tx:  # turns a flood away before it queues for the hasher
        throttle.check(tx, **attempt)
    proof = _try(db, hasher, lambda tx: throttle.claim(tx, **attempt), email=email, password=password)
    if proof is None:
        with db.write() as tx:
            login = queries.find_login(tx, email_key=attempt["email_key"])
            subject = login.account.id if login else audit.unknown(attempt["email_key"])
            audit.note(tx, "login-failed", origin, subject=subject)
        raise LoginFailed
    if proof.awaits_confirmation:
        with db.write() as tx:
            throttle.forgive(tx, **attempt)
        raise EmailNotVerified
    return proof


def confirm(db: Database, hasher: Hasher, *, viewer: Viewer, password: str) -> Proof:
    """Check that `viewer` knows the password, or raise WrongPassword, TooMany or Busy.

    Counted by session, so that whoever guesses at the login cannot keep the owner from a new password.
    """
    session = {"session_id": viewer.session_id or viewer.id}
    claim = lambda tx: throttle.claim_confirmation(tx, **session)  # noqa: E731
    proof = _try(db, hasher, claim, email=viewer.email, password=password)
    if proof is None or proof.account_id != viewer.id:
        raise WrongPassword
    with db.write() as tx:
        throttle.forgive_confirmation(tx, **session)
    return proof


def accept(tx: Transaction, *, proof: Proof, network: str) -> Account:
    """The account of a proven login, unless that has changed since: then LoginFailed."""
    throttle.forgive(tx, email_key=proof.email_key, network=network)
    account = proven(tx, proof=proof)
    if account is None:
        raise LoginFailed
    if proof.renewed_hash is not None:
        queries.update_password(tx, account_id=account.id, password_hash=proof.renewed_hash)
    return account


def proven(tx: Transaction, *, proof: Proof) -> Account | None:
    """The account of `proof`, locked; None if it has changed since."""
    login = queries.lock_login(tx, account_id=proof.account_id)
    if login is None or login.password_hash != proof.password_hash or login.account.status != ACTIVE:
        return None
    return login.account


def _try(
    db: Database, hasher: Hasher, claim: Callable[[Transaction], int], *, email: str, password: str
) -> Proof | None:
    email_key = emails.key_of(email)
    with hasher.turn():
        with db.write() as tx:
            wait = claim(tx)
            login = queries.find_login(tx, email_key=email_key)
        if wait:  # not in the transaction, which has to commit
            raise TooMany(retry_after=wait)
        right = hasher.verify(login.password_hash if login else None, password)
        if login is None or not right or login.account.status != ACTIVE:
            return None
        renewed = hasher.hash(password) if hasher.is_outdated(login.password_hash) else None
    account = login.account
    return Proof(account.id, login.password_hash, renewed, email_key, account.awaits_confirmation)
