"""A token is made when its mail is written, and works once, for the purpose that it was made for."""

from __future__ import annotations

import hashlib
import secrets

from api import times
from api.accounts.mail_tokens import queries
from api.accounts.mail_tokens.records import MailToken, Purpose
from api.accounts.profiles.emails import key_of
from api.accounts.profiles.queries import lock_login
from api.accounts.profiles.records import Account, Login
from api.accounts.sessions.rules import digest
from api.errors import Gone
from api.roles import ACTIVE
from api.storage import Transaction


class LinkSpent(Gone):
    """The link was used, has expired, was made for something else, or is none of ours."""

    code, title = "link-spent", "Link spent"
    remedy = "Ask for another link, and use the latest one."


def issue(
    tx: Transaction,
    login: Login,
    *,
    mail_id: str,
    purpose: Purpose,
    minutes: int,
    email: str | None = None,
) -> str:
    """A token for the account's address, which ends with its password, or for `email`, which does not.

    It replaces that of an earlier attempt to send the mail.
    """
    address = email or login.account.email or ""
    return _store(
        tx,
        MailToken(
            mail_id=mail_id,
            purpose=purpose,
            account_id=login.account.id,
            email=address,
            email_key=key_of(address),
            fingerprint=None if email else fingerprint(login),
            expires_at=times.later(tx.now, minutes=minutes),
            used_at=None,
        ),
    )


def promise(tx: Transaction, account: Account, *, mail_id: str, days: int) -> None:
    """Reserve the address of the account for so many days; the token is made when the mail is written."""
    row = MailToken(
        mail_id=mail_id,
        purpose="restore",
        account_id=account.id,
        email=account.email or "",
        email_key=key_of(account.email or ""),
        fingerprint=None,
        expires_at=times.later(tx.now, days=days),
        used_at=None,
    )
    queries.store_token(tx, row, token_hash=None)


def fulfil(tx: Transaction, *, mail_id: str) -> str | None:
    """The token that was promised to the mail; None if that is used, over or withdrawn."""
    token = secrets.token_urlsafe(32)
    return token if queries.update_hash(tx, mail_id=mail_id, token_hash=digest(token)) else None


def is_reserved(tx: Transaction, *, email: str, account_id: str = "") -> bool:
    """Whether an account other than this one may have the address back."""
    return queries.is_reserved(tx, email_key=key_of(email), except_id=account_id)


def find(tx: Transaction, *, token: str, purposes: tuple[Purpose, ...]) -> MailToken:
    """A token that still works as far as it says itself, or LinkSpent."""
    row = queries.find_token(tx, token_hash=digest(token))
    if row is None or row.purpose not in purposes or row.used_at or row.expires_at <= tx.now:
        raise LinkSpent
    return row


def spend(tx: Transaction, *, token: str, purposes: tuple[Purpose, ...]) -> tuple[MailToken, Login]:
    """Use the token up, and return it with its account, locked; LinkSpent."""
    row = find(tx, token=token, purposes=purposes)
    login = lock_login(tx, account_id=row.account_id)
    if login is None or login.account.status != ACTIVE or not _is_bound(row, login):
        raise LinkSpent
    if not queries.spend_token(tx, row):
        raise LinkSpent
    return row, login


def delete_all(tx: Transaction, *, account_id: str) -> None:
    """End all links that the account was sent."""
    queries.delete_tokens(tx, account_id=account_id)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the tokens that have expired, and return how many."""
    return queries.delete_expired(tx, before=tx.now, most=most)


def fingerprint(login: Login) -> bytes:
    """A hash that changes with the password of the account."""
    return hashlib.sha256(login.password_hash.encode()).digest()


def _store(tx: Transaction, row: MailToken) -> str:
    token = secrets.token_urlsafe(32)
    queries.store_token(tx, row, token_hash=digest(token))
    return token


def _is_bound(row: MailToken, login: Login) -> bool:
    if row.purpose == "restore":
        return True
    if row.purpose == "change":
        return row.email == login.account.pending_email
    return row.email == login.account.email and row.fingerprint == fingerprint(login)
