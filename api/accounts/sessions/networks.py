"""The networks that an account logs in from; staff get a mail about a new one, as it may not be theirs."""

from __future__ import annotations

from typing import Any

from api.accounts import letters, pages
from api.accounts.profiles import queries
from api.accounts.profiles.records import Account
from api.accounts.throttle import rules as throttle
from api.mail.records import Request
from api.roles import CUSTOMER
from api.settings.public_site import PublicSite
from api.storage import Transaction


def note(tx: Transaction, account: Account, *, network: str, language: str) -> None:
    """Make the network known to the account; if it is new to one of the staff, send a notice."""
    is_watched = account.role != CUSTOMER
    if is_watched and not throttle.has_logged_in_from(tx, account_id=account.id, network=network):
        letters.post(tx, account, "new-login", language=language, facts={"network": network})
    throttle.note_login(tx, account_id=account.id, network=network)


def compose_notice(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the notice; None if the account is gone."""
    account = queries.find_account(tx, account_id=request.account_id or "")
    if account is None or account.erased_at is not None:
        return None
    return {"link": pages.link(site, pages.RESET), "at": request.mail.at, "network": request.facts["network"]}
