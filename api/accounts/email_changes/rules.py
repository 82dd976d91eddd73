"""Another address is the account's once its mailbox has confirmed it; the mailbox before can undo that.

Whether the new address is taken, nobody learns but its mailbox. The old one stays reserved while its link
lasts, so that nobody signs up with it to keep its owner out.
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from api.accounts import letters, pages
from api.accounts.api_keys import rules as api_keys
from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.profiles import queries
from api.accounts.profiles.emails import key_of
from api.accounts.profiles.records import Account
from api.accounts.resets import rules as resets
from api.accounts.sessions import rules as sessions
from api.accounts.throttle import rules as throttle
from api.accounts.verification import rules as verification
from api.accounts.verification.rules import HOURS
from api.events import rules as events
from api.mail.records import Request
from api.roles import ACTIVE
from api.settings.public_site import PublicSite
from api.storage import Transaction

DAYS = 7
_FACTS = {"for": "change"}


def ask(tx: Transaction, account: Account, *, language: str) -> None:
    """Have the address that `account.pending_email` is confirm that it is the account's."""
    letters.post(tx, account, "verify", to=account.pending_email, language=language, facts=_FACTS)


def compose_confirmation(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the mail to a new address, or to that of a sign-up; None if it has become needless."""
    if request.facts != _FACTS:
        return verification.compose(tx, request, site=site)
    login = queries.lock_login(tx, account_id=request.account_id or "")
    address = request.mail.to or ""
    if login is None or login.account.status != ACTIVE or login.account.pending_email != address:
        return None
    other = queries.find_login(tx, email_key=key_of(address))
    if other is not None and other.account.id != login.account.id:
        return compose_taken(tx, request, site=site)
    token = mail_tokens.issue(
        tx, login, mail_id=request.mail.id, purpose="change", minutes=60 * HOURS, email=address
    )
    return {"link": pages.link(site, pages.CONFIRM, token), "hours": HOURS}


def compose_taken(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the mail to an address that has an account already; None if that is gone."""
    login = queries.find_login(tx, email_key=key_of(request.mail.to or ""))
    if login is None:
        return None
    letters.readdress(tx, request, login.account, kind="sign-up-taken")
    return {"login": pages.link(site, pages.LOGIN), "forgotten": pages.link(site, pages.RESET)}


def confirm(tx: Transaction, *, token: str, language: str) -> Account:
    """The account with the address that the token was mailed to; LinkSpent, also if another has it now."""
    row, login = mail_tokens.spend(tx, token=token, purposes=("verify", "change"))
    before = login.account
    if row.purpose == "verify":
        return verification.verified(tx, before)
    if mail_tokens.is_reserved(tx, email=row.email, account_id=before.id):
        raise LinkSpent
    after = _with_address(tx, before, email=row.email)
    mail = letters.post(tx, before, "email-changed", language=language)
    mail_tokens.promise(tx, before, mail_id=mail.id, days=DAYS)
    return after


def compose_notice(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the notice to the address before; None if its link is used or over."""
    token = mail_tokens.fulfil(tx, mail_id=request.mail.id)
    return {"link": pages.link(site, pages.RESTORE, token), "days": DAYS} if token else None


def restore(tx: Transaction, *, token: str, language: str) -> Account:
    """The account with the address of the token, which it had before; LinkSpent.

    Whoever has changed it may know the password, so all access ends, and the address is mailed a reset.
    """
    row, login = mail_tokens.spend(tx, token=token, purposes=("restore",))
    after = _with_address(tx, login.account, email=row.email)
    sessions.delete_others(tx, account_id=after.id)
    api_keys.delete_all(tx, account_id=after.id)
    mail_tokens.delete_all(tx, account_id=after.id)
    throttle.clear(tx, email_key=key_of(row.email))
    resets.ask(tx, email=row.email, language=after.language or language)
    return after


def _with_address(tx: Transaction, before: Account, *, email: str) -> Account:
    after = structs.replace(
        before, email=email, pending_email=None, email_verified_at=tx.now, version=before.version + 1
    )
    if not queries.update_account(tx, after):
        raise LinkSpent
    events.note(tx, "account.updated", after, actor=events.actor_of(after.role))
    return after
