"""How accounts come to be: by sign-up, always as customers, or by an operator's command."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from api.accounts import weak_passwords
from api.accounts.passwords import Hasher
from api.accounts.profiles import emails, queries
from api.accounts.profiles.records import Account
from api.accounts.roles import ACTIVE, CUSTOMER
from api.errors import Conflict, FieldError
from api.storage import Database, Transaction


class EmailTaken(Conflict):
    """Another account has this e-mail, in this spelling or one that reads the same."""

    code = "email-taken"
    title = "E-mail taken"
    remedy = "Log in with it, or take another."


def prepare(db: Database, hasher: Hasher, *, email: str, password: str) -> str:
    """The hash that `register` needs; WeakPassword or EmailTaken before any work is spent on it.

    Hashing takes its time, so this takes the database and not a transaction.
    """
    weak_passwords.refuse(password, email=email, pointer="/password")
    with db.read() as tx:
        if queries.find_credentials(tx, email_key=emails.key_of(email)) is not None:
            raise taken()
    return hasher.hash(password)


def register(tx: Transaction, *, email: str, name: str, password_hash: str, role: str = CUSTOMER) -> Account:
    """A new account, or EmailTaken."""
    account = Account(
        id=tx.new_id("acc"),
        email=email,
        email_verified_at=None,
        name=name,
        role=role,
        status=ACTIVE,
        created_at=tx.now,
    )
    try:
        queries.insert_account(tx, account, email_key=emails.key_of(email), password_hash=password_hash)
    except IntegrityError:
        raise taken() from None
    return account


def taken() -> EmailTaken:
    """EmailTaken, pointing at the field."""
    return EmailTaken(
        errors=(FieldError(code=EmailTaken.code, detail="This e-mail is taken.", pointer="/email"),)
    )
