"""Changes that owners make to accounts: name, role, status, and never the last owner away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from api.accounts.api_keys import rules as api_keys
from api.accounts.profiles import emails, queries
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.records import Account
from api.accounts.sessions import rules as sessions
from api.errors import Conflict
from api.roles import ACTIVE, OWNER
from api.storage import Transaction


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


def change(tx: Transaction, before: Account, changes: Mapping[str, Any]) -> Account:
    """The account with another name, role or status, or LastOwner.

    A new role counts from the next request on; a suspension ends all sessions and API keys.
    """
    after = structs.replace(before, **changes)
    if after == before:
        return before
    after = structs.replace(after, version=before.version + 1)
    if _is_owner(before) and not _is_owner(after) and queries.lock_owners(tx) == [before.id]:
        raise LastOwner
    queries.update_account(tx, after, email_key=emails.key_of(after.email))
    if after.status != ACTIVE:
        sessions.delete_others(tx, account_id=before.id)
        api_keys.delete_all(tx, account_id=before.id)
    elif after.role != before.role:
        sessions.shorten(tx, account_id=before.id, role=after.role)
    return after


def _is_owner(account: Account) -> bool:
    return account.role == OWNER and account.status == ACTIVE
