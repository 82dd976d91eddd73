"""Changes that people make to their own account: name, e-mail, password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from api.accounts import letters, weak_passwords
from api.accounts.api_keys import rules as api_keys
from api.accounts.email_changes import rules as email_changes
from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries
from api.accounts.profiles.records import Account
from api.accounts.sessions import logins
from api.accounts.sessions import rules as sessions
from api.accounts.sessions.logins import Proof, WrongPassword
from api.errors import Conflict, NotFound
from api.events import rules as events
from api.roles import Viewer
from api.storage import Database, Keyset, Transaction


class AccountErased(Conflict):
    """The account was erased for good."""

    code, title = "account-erased", "Account erased"
    remedy = "Whoever it belonged to can sign up again, even with the same e-mail."


def find(tx: Transaction, *, ref: str, lock: bool = False) -> Account:
    """The account of that id, or NotFound."""
    account = queries.find_account(tx, account_id=ref, lock=lock)
    if account is None:
        raise NotFound
    return account


def check_not_erased(account: Account) -> None:
    """AccountErased for an account of which nothing can be changed any more."""
    if account.erased_at is not None:
        raise AccountErased


def list_accounts(
    tx: Transaction, page: Keyset[str], *, email: str | None = None, q: str = "", **filters: str
) -> list[Account]:
    """A page of accounts, newest first: of this e-mail, and with `q` in their name or e-mail."""
    if email is not None:
        filters["email_key"] = emails.key_of(email)
    sought = emails.search_key(q)
    if sought:
        filters["pattern"] = "%" + re.sub("[%_/]", "/\\g<0>", sought) + "%"
    return queries.list_accounts(tx, page, **filters)


def confirm_email(
    db: Database,
    hasher: Hasher,
    *,
    viewer: Viewer,
    email: str | None,
    password: str | None,
) -> Proof | None:
    """The proof that another e-mail needs, None when it stays; WrongPassword, TooMany or Busy."""
    if email is None or email == viewer.email:
        return None
    emails.check(email)
    if password is None:
        raise WrongPassword("To change the e-mail, send current_password with it.")
    return logins.confirm(db, hasher, viewer=viewer, password=password)


def change(
    tx: Transaction, before: Account, changes: Mapping[str, Any], *, proof: Proof | None, language: str
) -> Account:
    """The account with another name or language, and another e-mail once that has confirmed it.

    The account's own e-mail withdraws such a change. WrongPassword without a proof that still holds.
    """
    check_not_erased(before)
    email = changes.get("email", before.pending_email)
    pending = None if email == before.email else email
    after = structs.replace(before, **{**changes, "email": before.email}, pending_email=pending)
    if "email" in changes and pending is not None:
        if proof is None or logins.proven(tx, proof=proof) is None:
            raise WrongPassword
        email_changes.ask(tx, after, language=language)
    if after == before:
        return before
    after = structs.replace(after, version=before.version + 1)
    queries.update_account(tx, after)
    events.note(tx, "account.updated", after, actor=events.actor_of(after.role))
    return after


def renew_password(
    db: Database, hasher: Hasher, *, viewer: Viewer, current: str, new: str, own_words: frozenset[str]
) -> tuple[Proof, str]:
    """The proof of the current password and the hash of the new one, which `change_password` needs.

    Raises WeakPassword, WrongPassword, TooMany or Busy. It hashes, so it takes the database.
    """
    weak_passwords.refuse(new, email=viewer.email, pointer="/new", own=own_words)
    proof = logins.confirm(db, hasher, viewer=viewer, password=current)
    return proof, hasher.hash(new)


def change_password(
    tx: Transaction, *, actor: Viewer, proof: Proof, password_hash: str, keep_keys: bool, language: str
) -> None:
    """Store the new password and end all other sessions, and all API keys unless `keep_keys`.

    The account is sent a notice, in its language or else in `language`.
    """
    account = logins.proven(tx, proof=proof)
    if account is None:
        raise WrongPassword
    queries.update_password(tx, account_id=actor.id, password_hash=password_hash)
    sessions.delete_others(tx, account_id=actor.id, except_id=actor.session_id)
    if not keep_keys:
        api_keys.delete_all(tx, account_id=actor.id)
    letters.post(tx, account, "password-changed", language=language)
