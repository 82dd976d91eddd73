"""Proving a password: braked, in the same time and words whatever is wrong, and never while holding a lock.

The proof is made between two transactions, so these rules take the database where others take `tx`.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries
from api.accounts.profiles.records import Account
from api.accounts.roles import ACTIVE, Viewer
from api.accounts.sessions import throttle
from api.errors import NotAllowed, NotSignedIn
from api.storage import Database, Transaction


class LoginFailed(NotSignedIn):
    """E-mail and password do not fit together, or the account is suspended: which, is not told."""

    code = "login-failed"
    title = "Login failed"
    remedy = "Check both; after five failures each further try has to wait."


class WrongPassword(NotAllowed):
    """This change needs your current password, and what came is not it."""

    code = "wrong-password"
    title = "Wrong password"
    remedy = "Send the password that you log in with; after five failures each further try has to wait."


@dataclass(frozen=True, slots=True)
class Proof:
    """That someone knew the password of an active account, as it was when it was checked."""

    account_id: str
    password_hash: str
    renewed_hash: str | None
    email_key: str
    network: str


def prove(db: Database, hasher: Hasher, *, email: str, password: str, network: str) -> Proof:
    """Check a login, or raise LoginFailed, TooMany or Busy; counts as a failure until it is accepted."""
    proof = _try(db, hasher, email=email, password=password, network=network)
    if proof is None:
        raise LoginFailed
    return proof


def confirm(db: Database, hasher: Hasher, *, viewer: Viewer, password: str, network: str) -> Proof:
    """Check that `viewer` knows the password, or raise WrongPassword, TooMany or Busy."""
    proof = _try(db, hasher, email=viewer.email, password=password, network=network)
    if proof is None or proof.account_id != viewer.id:
        raise WrongPassword
    with db.write() as tx:
        throttle.forgive(tx, email_key=proof.email_key, network=network)
    return proof


def accept(tx: Transaction, *, proof: Proof) -> Account:
    """Let a proven login in, unless the account has changed since: then LoginFailed."""
    throttle.forgive(tx, email_key=proof.email_key, network=proof.network)
    account = proven(tx, proof=proof)
    if account is None:
        raise LoginFailed
    if proof.renewed_hash is not None:
        queries.update_password(tx, account_id=account.id, password_hash=proof.renewed_hash)
    return account


def proven(tx: Transaction, *, proof: Proof) -> Account | None:
    """The account of `proof`, held until the transaction ends; None if it has changed since."""
    found = queries.take_account(tx, account_id=proof.account_id)
    if found is None or found.password_hash != proof.password_hash or found.account.status != ACTIVE:
        return None
    return found.account


def _try(db: Database, hasher: Hasher, *, email: str, password: str, network: str) -> Proof | None:
    email_key = emails.key_of(email)
    with db.read() as tx:  # turns a flood away before it queues for the hasher
        throttle.check(tx, email_key=email_key, network=network)
    with hasher.turn():
        with db.write() as tx:
            throttle.claim(tx, email_key=email_key, network=network)
            found = queries.find_credentials(tx, email_key=email_key)
        right = hasher.verify(found.password_hash if found else None, password)
        if found is None or not right or found.account.status != ACTIVE:
            return None
        renewed = hasher.hash(password) if hasher.is_outdated(found.password_hash) else None
    return Proof(found.account.id, found.password_hash, renewed, email_key, network)
