"""A reset is asked for without any look at the accounts, so that nobody learns which there are.

The job that writes the mail looks: for an unknown address there is none.
"""

from __future__ import annotations

from typing import Any

from api.accounts import letters, pages, weak_passwords
from api.accounts.api_keys import rules as api_keys
from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.passwords import Hasher
from api.accounts.profiles import queries
from api.accounts.profiles.emails import key_of
from api.accounts.profiles.records import Account
from api.accounts.sessions import rules as sessions
from api.accounts.throttle import rules as throttle
from api.accounts.verification import rules as verification
from api.mail import rules as mail
from api.mail.records import Request
from api.roles import ACTIVE
from api.settings.public_site import PublicSite
from api.storage import Database, Transaction

MINUTES = 30


def ask(tx: Transaction, *, email: str, language: str) -> None:
    """Have a link to a new password sent to the account of that address, if there is one."""
    mail.post(tx, "reset", to=email, language=language)


def compose(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the mail; None if no account that may log in has the address."""
    login = queries.find_login(tx, email_key=key_of(request.mail.to or ""))
    if login is None or login.account.status != ACTIVE:
        return None
    letters.readdress(tx, request, login.account)
    token = mail_tokens.issue(tx, login, mail_id=request.mail.id, purpose="reset", minutes=MINUTES)
    return {"link": pages.link(site, pages.RESET, token), "minutes": MINUTES}


def prepare(db: Database, hasher: Hasher, *, token: str, password: str, own_words: frozenset[str]) -> str:
    """The hash of the new password, which `change` needs; LinkSpent and WeakPassword before any work.

    It hashes, so it takes the database.
    """
    with db.read() as tx:
        email = mail_tokens.find(tx, token=token, purposes=("reset",)).email
    weak_passwords.refuse(password, email=email, pointer="/password", own=own_words)
    return hasher.hash(password)


def change(tx: Transaction, *, token: str, password_hash: str, language: str) -> Account:
    """Store the new password, which ends all access, verifies the address and keeps it; LinkSpent."""
    _, login = mail_tokens.spend(tx, token=token, purposes=("reset",))
    account = verification.withdraw_change(tx, verification.verified(tx, login.account))
    queries.update_password(tx, account_id=account.id, password_hash=password_hash)
    sessions.delete_others(tx, account_id=account.id)
    api_keys.delete_all(tx, account_id=account.id)
    throttle.clear(tx, email_key=key_of(account.email or ""))
    letters.post(tx, account, "password-changed", language=language)
    return account


def compose_notice(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the notice that a password was changed; None if the account is gone."""
    account = queries.find_account(tx, account_id=request.account_id or "")
    if account is None or account.erased_at is not None:
        return None
    return {"link": pages.link(site, pages.RESET), "at": request.mail.at}
