"""What owners change of accounts: name, role, status, and never the last owner away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.accounts.profiles import emails, queries
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.records import Account
from api.accounts.roles import ACTIVE, OWNER
from api.accounts.sessions import rules as sessions
from api.errors import Conflict
from api.storage import Transaction


class LastOwner(Conflict):
    """Nobody else could manage accounts any more."""

    code = "last-owner"
    title = "Last owner"
    remedy = "Make another active account an owner first."


def take(tx: Transaction, *, account_id: str) -> Account:
    """The account to be changed, held with all owners until the transaction ends, or NotFound.

    Owners first and in one order: two who demote each other at once wait here, and the second is refused.
    """
    queries.take_owners(tx)
    return profiles.take(tx, account_id=account_id)


def amend(tx: Transaction, *, account: Account, changes: Mapping[str, Any]) -> Account:
    """The account with another name, role or status, or LastOwner.

    A new role counts from the next request on; a suspension ends all sessions.
    """
    changed = replace(account, **changes)
    if _is_owner(account) and not _is_owner(changed) and queries.take_owners(tx) == [account.id]:
        raise LastOwner
    queries.update_account(tx, changed, email_key=emails.key_of(changed.email))
    if changed.status != ACTIVE:
        sessions.end_others(tx, account_id=account.id)
    elif changed.role != account.role:
        sessions.shorten(tx, account_id=account.id, role=changed.role)
    return changed


def _is_owner(account: Account) -> bool:
    return account.role == OWNER and account.status == ACTIVE
