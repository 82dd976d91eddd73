"""What people change of their own account: name, e-mail, password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from api.accounts import weak_passwords
from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries, registration
from api.accounts.profiles.records import Account
from api.accounts.roles import Viewer
from api.accounts.sessions import logins
from api.accounts.sessions import rules as sessions
from api.accounts.sessions.logins import Proof, WrongPassword
from api.errors import NotFound
from api.storage import Database, Transaction


def confirm_email(
    db: Database,
    hasher: Hasher,
    *,
    viewer: Viewer,
    email: str | None,
    password: str | None,
    network: str,
) -> Proof | None:
    """The proof that another e-mail needs, None when it stays; WrongPassword, TooMany or Busy."""
    if email is None or email == viewer.email:
        return None
    if password is None:
        raise WrongPassword("To change the e-mail, send current_password with it.")
    return logins.confirm(db, hasher, viewer=viewer, password=password, network=network)


def take(tx: Transaction, *, account_id: str) -> Account:
    """The account to be changed, held until the transaction ends, or NotFound."""
    found = queries.take_account(tx, account_id=account_id)
    if found is None:
        raise NotFound
    return found.account


def change(
    tx: Transaction, *, account: Account, viewer: Viewer, changes: Mapping[str, Any], proof: Proof | None
) -> Account:
    """The account with another name or e-mail; another e-mail ends all other sessions.

    Raises EmailTaken, and WrongPassword without a proof that still holds.
    """
    changed = replace(account, **changes)
    if changed.email != account.email:
        if proof is None or logins.proven(tx, proof=proof) is None:
            raise WrongPassword
        changed = replace(changed, email_verified_at=None)
        sessions.end_others(tx, account_id=account.id, kept_id=viewer.session_id)
    try:
        queries.update_account(tx, changed, email_key=emails.key_of(changed.email))
    except IntegrityError:
        raise registration.taken() from None
    return changed


def renew_password(
    db: Database, hasher: Hasher, *, viewer: Viewer, current: str, new: str, network: str
) -> tuple[Proof, str]:
    """What `change_password` needs: the proof of the current one, and the hash of the new.

    Raises WeakPassword, WrongPassword, TooMany or Busy. It hashes, so it takes the database.
    """
    weak_passwords.refuse(new, email=viewer.email, pointer="/new")
    proof = logins.confirm(db, hasher, viewer=viewer, password=current, network=network)
    return proof, hasher.hash(new)


def change_password(tx: Transaction, *, viewer: Viewer, proof: Proof, password_hash: str) -> None:
    """Store the new password and end all other sessions; API keys stay, since they do not come from it."""
    if logins.proven(tx, proof=proof) is None:
        raise WrongPassword
    queries.update_password(tx, account_id=viewer.id, password_hash=password_hash)
    sessions.end_others(tx, account_id=viewer.id, kept_id=viewer.session_id)
