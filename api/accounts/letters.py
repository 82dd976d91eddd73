"""Mails to accounts and to whoever asks for one, so many an hour."""

from __future__ import annotations

from collections.abc import Mapping

from api.accounts.limits.records import Limit
from api.accounts.limits.rules import Limits
from api.accounts.profiles.emails import key_of
from api.accounts.profiles.records import Account
from api.accounts.throttle.rules import subject_of
from api.mail import rules as mail
from api.mail.records import Mail, MailKind, Request
from api.roles import CUSTOMER
from api.storage import Database, Transaction
from api.times import Instant

TO_ADDRESS = Limit("mail", 3, 3_600)
FROM_NETWORK = Limit("mail-network", 20, 3_600)


def check(db: Database, limits: Limits, *, email: str, network: str) -> None:
    """TooMany if no more mail can be asked for: turns a flood away before it waits for the writer."""
    with db.read() as tx:
        limits.check(tx, TO_ADDRESS, subject=subject_of(key_of(email)))
        limits.check(tx, FROM_NETWORK, subject=network)


def count(tx: Transaction, limits: Limits, *, email: str, network: str) -> None:
    """Count a mail to that address that somebody in the network asks for, or TooMany."""
    limits.use(tx, TO_ADDRESS, subject=subject_of(key_of(email)))
    limits.use(tx, FROM_NETWORK, subject=network)


def post(
    tx: Transaction,
    account: Account,
    kind: MailKind,
    *,
    language: str,
    facts: Mapping[str, str] | None = None,
    to: str | None = None,
    due_at: Instant | None = None,
) -> Mail:
    """Have a mail sent to the account, in its language or else in `language`; `to` is another address."""
    return mail.post(
        tx,
        kind,
        to=to or account.email or "",
        language=account.language or language,
        facts=facts,
        account_id=account.id,
        to_staff=account.role != CUSTOMER,
        due_at=due_at,
    )


def readdress(tx: Transaction, request: Request, account: Account, *, kind: MailKind | None = None) -> None:
    """Send a mail that anybody asked for to the address that the account has, however it was spelled.

    It may become a mail of another `kind`.
    """
    mail.readdress(
        tx,
        request,
        kind=kind or request.mail.kind,
        to=account.email or "",
        language=account.language,
        account_id=account.id,
        to_staff=account.role != CUSTOMER,
    )
