"""A link makes the first owner: once, for 30 minutes, and only while there is no active owner."""

from __future__ import annotations

import secrets

from api import times
from api.accounts import weak_passwords
from api.accounts.limits.records import Limit
from api.accounts.limits.rules import Limits
from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries, registration
from api.accounts.profiles.records import Account
from api.accounts.sessions.rules import digest
from api.accounts.setup import queries as links
from api.accounts.verification import rules as verification
from api.roles import OWNER
from api.storage import Database, Transaction

MINUTES = 30
FAILURES = Limit("setup", 10, 900)
"""Tokens that do not work, by network."""


def offer(tx: Transaction) -> str | None:
    """The token of a new link, in place of the one before; None if there is an active owner."""
    if queries.has_owner(tx):
        withdraw(tx)
        return None
    token = secrets.token_urlsafe(32)
    links.store_link(tx, token_hash=digest(token), expires_at=times.later(tx.now, minutes=MINUTES))
    return token


def withdraw(tx: Transaction) -> None:
    """End the link."""
    links.delete_link(tx)


def prepare(
    db: Database,
    hasher: Hasher,
    limits: Limits,
    *,
    token: str,
    email: str,
    password: str,
    network: str,
    own_words: frozenset[str],
) -> str:
    """The hash of the password, which `make_owner` needs.

    TooMany, LinkSpent, Invalid, WeakPassword, EmailTaken. It hashes, so it takes the database.
    """
    with db.read() as tx:
        limits.check(tx, FAILURES, subject=network)
        works = links.has_link(tx, token_hash=digest(token)) and not queries.has_owner(tx)
    if not works:
        with db.write() as tx:
            limits.use(tx, FAILURES, subject=network)
        raise LinkSpent
    emails.check(email)
    weak_passwords.refuse(password, email=email, pointer="/password", own=own_words)
    return registration.prepare(db, hasher, email=email, password=password)


def make_owner(
    tx: Transaction, *, token: str, email: str, name: str, password_hash: str, language: str
) -> Account:
    """The first owner, who is sent a link to confirm the e-mail; LinkSpent, EmailTaken."""
    if not links.spend_link(tx, token_hash=digest(token)) or queries.has_owner(tx):
        raise LinkSpent
    account = registration.register(
        tx,
        email=email,
        name=name,
        password_hash=password_hash,
        role=OWNER,
        language=language,
        actor="stranger",
    )
    verification.ask(tx, account, language=language)
    return account
