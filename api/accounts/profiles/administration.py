"""Changes that owners make to accounts: name, role, status, erasure, and never the last owner away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from api.accounts.api_keys import rules as api_keys
from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.profiles import emails, queries
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.records import Account
from api.accounts.second_factors import rules as second_factors
from api.accounts.sessions import rules as sessions
from api.accounts.throttle import rules as throttle
from api.errors import Conflict
from api.events import rules as events
from api.mail import rules as mail
from api.roles import ACTIVE, CUSTOMER, OWNER, Viewer
from api.storage import Transaction

ERASED_NAME = "Deleted account"
"""Shown where the name of an erased account was."""
NO_PASSWORD = "!"  # noqa: S105  # the hash of none


class LastOwner(Conflict):
    """This would leave no active owner."""

    code, title = "last-owner", "Last owner"
    remedy = "Make another active account an owner first."


def lock(tx: Transaction, *, ref: str) -> Account:
    """The account of that id, locked together with all owners, or NotFound.

    Owners first and in one order: two who demote each other at once wait here, and the second is refused.
    """
    queries.lock_owners(tx)
    return profiles.find(tx, ref=ref, lock=True)


def change(
    tx: Transaction, before: Account, changes: Mapping[str, Any], *, actor: Viewer | None = None
) -> Account:
    """The account with another name, role or status; LastOwner, AccountErased.

    A new role counts from the next request on; a suspension ends all sessions and API keys.
    """
    profiles.check_not_erased(before)
    after = structs.replace(before, **changes)
    if after == before:
        return before
    after = structs.replace(after, version=before.version + 1)
    if not _is_owner(after):
        _check_owners(tx, before)
    queries.update_account(tx, after)
    if after.status != ACTIVE:
        _end_access(tx, before)
    elif after.role != before.role:
        sessions.shorten(tx, account_id=before.id, role=after.role)
    events.note(tx, "account.updated", after, actor=actor)
    return after


def erase(tx: Transaction, before: Account, *, actor: Viewer | None = None) -> None:
    """Remove for good who the account was, and its access; only its id and its dates stay. LastOwner."""
    _check_owners(tx, before)
    _end_access(tx, before)
    if before.email is not None:
        throttle.clear(tx, email_key=emails.key_of(before.email))
    second_factors.delete_all(tx, account_id=before.id)
    throttle.forget_networks(tx, account_id=before.id)
    mail_tokens.delete_all(tx, account_id=before.id)
    mail.forget(tx, account_id=before.id)
    queries.update_password(tx, account_id=before.id, password_hash=NO_PASSWORD)
    after = structs.replace(
        before,
        email=None,
        email_verified_at=None,
        pending_email=None,
        name=ERASED_NAME,
        language=None,
        role=CUSTOMER,
        status="suspended",
        version=before.version + 1,
        erased_at=tx.now,
    )
    queries.update_account(tx, after)
    events.forget(tx, account_id=before.id)
    events.note(tx, "account.erased", after, actor=actor)


def _check_owners(tx: Transaction, leaving: Account) -> None:
    if _is_owner(leaving) and queries.lock_owners(tx) == [leaving.id]:
        raise LastOwner


def _end_access(tx: Transaction, account: Account) -> None:
    sessions.delete_others(tx, account_id=account.id)
    api_keys.delete_all(tx, account_id=account.id)


def _is_owner(account: Account) -> bool:
    return account.role == OWNER and account.status == ACTIVE
