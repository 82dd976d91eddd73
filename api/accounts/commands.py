"""The shell door to accounts, for an operator who needs no login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from api.accounts import weak_passwords
from api.accounts.api_keys import rules as api_keys
from api.accounts.passwords import Hasher
from api.accounts.profiles import administration, emails, queries, registration
from api.accounts.profiles.emails import Email
from api.accounts.profiles.records import Account
from api.accounts.profiles.schemas import AccountBody, NewPassword
from api.accounts.second_factors import rules as second_factors
from api.accounts.sessions import rules as sessions
from api.accounts.throttle import rules as throttle
from api.accounts.verification import rules as verification
from api.audit import rules as audit
from api.audit.records import SHELL
from api.errors import NotFound
from api.roles import Role
from api.storage import Database, Keyset
from api.web import logs, validation

Body = TypeVar("Body", bound=msgspec.Struct)

READ_AT_ONCE = 500


class _Add(AccountBody, forbid_unknown_fields=True, kw_only=True):
    role: Role


class _SetPassword(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    email: Email
    password: NewPassword


def add(
    db: Database,
    hasher: Hasher,
    *,
    email: str,
    role: str,
    password: str,
    name: str | None = None,
    own_words: frozenset[str] = frozenset(),
) -> Account:
    """A new account with that role, named after its e-mail's local part if no name is given.

    Raises what signing up raises: Invalid, WeakPassword, EmailTaken.
    """
    name = name or email.partition("@")[0]
    sent = _checked(_Add, {"email": email, "password": password, "name": name, "role": role})
    emails.check(sent.email)
    weak_passwords.refuse(sent.password, email=sent.email, pointer="/password", own=own_words)
    hashed = registration.prepare(db, hasher, email=sent.email, password=sent.password)
    with db.write() as tx:
        account = registration.register(
            tx, email=sent.email, name=sent.name, password_hash=hashed, role=sent.role
        )
        command = "kiosque account add"
        audit.note(tx, "role", SHELL, subject=account.id, role=sent.role, command=command)
    logs.at_shell("sign-up", "kiosque account add", subject=account.id, role=sent.role)
    return account


def set_password(
    db: Database, hasher: Hasher, *, email: str, password: str, own_words: frozenset[str] = frozenset()
) -> Account:
    """Give the account another password, and end its sessions, API keys and waiting change of e-mail.

    Raises Invalid, WeakPassword, or NotFound when no account has this e-mail.
    """
    sent = _checked(_SetPassword, {"email": email, "password": password})
    weak_passwords.refuse(sent.password, email=sent.email, pointer="/password", own=own_words)
    hashed = hasher.hash(sent.password)
    email_key = emails.key_of(sent.email)
    with db.write() as tx:
        throttle.clear(tx, email_key=email_key)
        login = queries.find_login(tx, email_key=email_key)
        if login is None:
            raise NotFound(f"No account has the e-mail {sent.email}.")
        queries.update_password(tx, account_id=login.account.id, password_hash=hashed)
        sessions.delete_others(tx, account_id=login.account.id)
        api_keys.delete_all(tx, account_id=login.account.id)
        verification.withdraw_change(tx, login.account)
        audit.note(tx, "password", SHELL, subject=login.account.id, command="kiosque account password")
    logs.at_shell("password-changed", "kiosque account password", subject=login.account.id)
    return login.account


def remove_second_factor(db: Database, *, email: str) -> Account | None:
    """Remove the second factor of an account and end its sessions; None if it has none.

    NotFound for an unknown e-mail.
    """
    with db.write() as tx:
        login = queries.find_login(tx, email_key=emails.key_of(email))
        if login is None:
            raise NotFound(f"No account has the e-mail {email}.")
        if not second_factors.delete_all(tx, account_id=login.account.id):
            return None
        sessions.delete_others(tx, account_id=login.account.id)
        command = "kiosque account remove-second-factor"
        audit.note(tx, "second-factor", SHELL, subject=login.account.id, change="off", command=command)
    logs.at_shell("second-factor-off", "kiosque account remove-second-factor", subject=login.account.id)
    return login.account


def set_role(db: Database, *, email: str, role: Role) -> Account:
    """Give the account another role; NotFound for an unknown e-mail, LastOwner if it must stay."""
    with db.write() as tx:
        login = queries.find_login(tx, email_key=emails.key_of(email))
        if login is None:
            raise NotFound(f"No account has the e-mail {email}.")
        account = administration.change(tx, administration.lock(tx, ref=login.account.id), {"role": role})
        audit.note(tx, "role", SHELL, subject=account.id, role=role, command="kiosque account role")
    logs.at_shell("account-changed", "kiosque account role", subject=account.id, role=role)
    return account


def every(db: Database) -> Iterator[Account]:
    """Every account, newest first."""
    position = "acc_~"  # sorts after every id
    while True:
        with db.read() as tx:
            rows = queries.list_accounts(tx, Keyset(position, READ_AT_ONCE))
        yield from rows
        if len(rows) < READ_AT_ONCE:
            return
        position = rows[-1].id


def _checked(expected: type[Body], fields: dict[str, Any]) -> Body:
    try:
        return msgspec.convert(fields, expected)
    except msgspec.ValidationError:
        raise validation.refusal(fields, expected) from None
