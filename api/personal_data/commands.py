"""The shell door to personal data."""

from __future__ import annotations

from api.accounts.profiles import administration, emails, queries
from api.audit import rules as audit
from api.audit.records import SHELL
from api.errors import NotFound
from api.personal_data import rules
from api.shop.guests import tokens
from api.storage import Database
from api.web import idempotency, logs


def erase(db: Database, *, email: str) -> None:
    """Erase the account of that e-mail; NotFound for an unknown one, LastOwner if it must stay."""
    with db.write() as tx:
        login = queries.find_login(tx, email_key=emails.key_of(email))
        if login is None:
            raise NotFound(f"No account has the e-mail {email}.")
        account = administration.lock(tx, ref=login.account.id)
        rules.erase(tx, account)
        idempotency.forget(tx, account.id, *tokens.forget(tx, account_id=account.id))
        audit.note(tx, "erasure", SHELL, subject=account.id, command="kiosque account erase")
    logs.at_shell("account-erased", "kiosque account erase", subject=account.id)
