"""An address counts as verified once somebody sends back the token that was mailed to it."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from api.accounts import letters, pages
from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.profiles import queries
from api.accounts.profiles.records import Account
from api.events import rules as events
from api.mail.records import Request
from api.roles import ACTIVE
from api.settings.public_site import PublicSite
from api.storage import Transaction

HOURS = 24


def ask(tx: Transaction, account: Account, *, language: str) -> None:
    """Have the account confirm its address."""
    letters.post(tx, account, "verify", language=language)


def compose(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the mail; None if the address is confirmed or is no longer the account's."""
    login = queries.lock_login(tx, account_id=request.account_id or "")
    account = login.account if login else None
    if login is None or account is None or account.status != ACTIVE or account.email != request.mail.to:
        return None
    if account.email_verified_at is not None:
        return None
    token = mail_tokens.issue(tx, login, mail_id=request.mail.id, purpose="verify", minutes=60 * HOURS)
    return {"link": pages.link(site, pages.CONFIRM, token), "hours": HOURS}


def withdraw_change(tx: Transaction, account: Account) -> Account:
    """The account without the address that it was to have: whoever asked for that may be an intruder."""
    if account.pending_email is None or account.awaits_confirmation:
        return account
    after = structs.replace(account, pending_email=None, version=account.version + 1)
    queries.update_account(tx, after)
    events.note(tx, "account.updated", after, actor=events.actor_of(after.role))
    return after


def verified(tx: Transaction, account: Account) -> Account:
    """The account, with an address that is known to be its own."""
    if account.email_verified_at is not None:
        return account
    pending = None if account.awaits_confirmation else account.pending_email
    after = structs.replace(account, email_verified_at=tx.now, pending_email=pending)
    queries.update_account(tx, after)
    if account.awaits_confirmation:
        events.note(tx, "account.created", after, actor="stranger")
    else:
        events.note(tx, "account.updated", after, actor=events.actor_of(after.role))
    return after
