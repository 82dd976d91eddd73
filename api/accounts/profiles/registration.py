"""Registration of accounts: by sign-up, always as customers, or by an operator's command."""

from __future__ import annotations

from api.accounts.limits.records import Limit
from api.accounts.limits.rules import Limits
from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries
from api.accounts.profiles.records import Account
from api.accounts.verification import rules as verification
from api.errors import Conflict, NotAllowed
from api.events import rules as events
from api.events.records import Actor
from api.mail import rules as mail
from api.roles import ACTIVE, CUSTOMER, Role
from api.storage import Database, Transaction

SIGN_UPS = (Limit("sign-up", 10, 3_600), Limit("sign-up", 60, 86_400))
"""By network."""


class SignUpClosed(NotAllowed):
    """Nobody can sign up here; the operator creates the accounts."""

    code, title = "sign-up-closed", "Sign-up closed"
    remedy = "Ask the operator of this site for an account."


class EmailTaken(Conflict):
    """Another account has this e-mail, in this spelling or an equivalent one."""

    code, title = "email-taken", "E-mail taken"
    remedy = "Log in, or use another e-mail."


def count(db: Database, limits: Limits, *, network: str) -> None:
    """Count a sign-up, successful or not, or TooMany; before any work is spent on it."""
    with db.read() as tx:  # turns a flood away before it waits for the writer
        limits.check(tx, *SIGN_UPS, subject=network)
    with db.write() as tx:
        limits.use(tx, *SIGN_UPS, subject=network)


def prepare(db: Database, hasher: Hasher, *, email: str, password: str) -> str:
    """The hash that `register` needs; EmailTaken before any work is spent on it.

    Hashing takes long, so this takes the database and not a transaction.
    """
    with db.read() as tx:
        if queries.find_login(tx, email_key=emails.key_of(email)) is not None:
            raise EmailTaken.at("/email", "This e-mail is taken.")
    return hasher.hash(password)


def sign_up(tx: Transaction, *, email: str, name: str, password_hash: str, language: str) -> Account:
    """A new customer, who is sent a link to confirm the e-mail, or EmailTaken."""
    account = register(
        tx, email=email, name=name, password_hash=password_hash, language=language, actor="stranger"
    )
    _refuse_reserved(tx, email)  # once more: the change that reserves it may just have been committed
    verification.ask(tx, account, language=language)
    return account


def apply(tx: Transaction, *, email: str, name: str, password_hash: str, language: str) -> None:
    """Have a mail sent with a link by which a new account begins to work, or with the news that there is one.

    Whether the e-mail is taken or reserved, only its mailbox learns: the statements are the same. So the
    account is not in the log of events before it works.
    """
    account = _account(tx, email=email, name=name, language=language, pending_email=email)
    is_free = not mail_tokens.is_reserved(tx, email=email)
    if queries.insert_account(
        tx, account, email_key=emails.key_of(email), password_hash=password_hash, is_free=is_free
    ):
        verification.ask(tx, account, language=language)
    else:
        mail.post(tx, "sign-up-taken", to=email, language=language)


def register(
    tx: Transaction,
    *,
    email: str,
    name: str,
    password_hash: str,
    role: Role = CUSTOMER,
    language: str | None = None,
    actor: Actor = "system",
) -> Account:
    """A new account, or EmailTaken."""
    _refuse_reserved(tx, email)
    account = _account(tx, email=email, name=name, language=language, role=role)
    if not queries.insert_account(tx, account, email_key=emails.key_of(email), password_hash=password_hash):
        raise EmailTaken.at("/email", "This e-mail is taken.")
    events.note(tx, "account.created", account, actor=actor)
    return account


def _account(
    tx: Transaction,
    *,
    email: str,
    name: str,
    language: str | None,
    role: Role = CUSTOMER,
    pending_email: str | None = None,
) -> Account:
    return Account(
        id=tx.new_id("acc"),
        email=email,
        email_verified_at=None,
        pending_email=pending_email,
        name=name,
        language=language,
        role=role,
        status=ACTIVE,
        created_at=tx.now,
        version=1,
        erased_at=None,
    )


def _refuse_reserved(tx: Transaction, email: str) -> None:
    if mail_tokens.is_reserved(tx, email=email):
        raise EmailTaken.at("/email", "This e-mail is taken.")
