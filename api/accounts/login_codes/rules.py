"""A code works once, for 10 minutes and 5 tries, and only with the id that its asker got.

There is an id for every address, so that nobody learns which have an account: the code is made when the mail
is written, and only for one that may log in by it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from api import times
from api.accounts import letters
from api.accounts.login_codes import queries
from api.accounts.login_codes.records import LoginCode
from api.accounts.profiles import queries as profiles
from api.accounts.profiles.emails import key_of
from api.accounts.profiles.records import Account
from api.accounts.sessions.logins import LoginFailed
from api.accounts.verification import rules as verification
from api.audit import rules as audit
from api.audit.records import SHELL, Origin
from api.mail import rules as mail
from api.mail.records import Request
from api.roles import ACTIVE, CUSTOMER
from api.storage import Database, Transaction

MINUTES = 10


def ask(tx: Transaction, *, email: str, language: str) -> str:
    """Have a code sent to the account of that address, if there is one; returns the id that it works with."""
    code_id = tx.new_id("lgc")
    queries.insert_code(tx, code_id=code_id, expires_at=times.later(tx.now, minutes=MINUTES))
    mail.post(tx, "login-code", to=email, language=language, facts={"login_code": code_id})
    return code_id


def compose(tx: Transaction, request: Request, *, for_staff: bool) -> dict[str, Any] | None:
    """The facts of the mail; None if no account that may log in by code has the address."""
    login = profiles.find_login(tx, email_key=key_of(request.mail.to or ""))
    if login is None or not _may(login.account, for_staff=for_staff):
        return None
    account = login.account
    letters.readdress(tx, request, account)
    code_id, code = request.facts["login_code"], f"{secrets.randbelow(10**6):06}"
    is_stored = queries.update_code(
        tx,
        code_id=code_id,
        account_id=account.id,
        email=account.email or "",
        code_hash=_hash(code_id, code),
    )
    return {"code": code, "minutes": MINUTES} if is_stored else None


def prove(db: Database, *, code_id: str, code: str, origin: Origin = SHELL) -> LoginCode:
    """The code, or LoginFailed; counts as a try, which has to be committed whatever becomes of it."""
    with db.write() as tx:
        row = queries.claim_try(tx, code_id=code_id)
        expected = row.code_hash if row and row.code_hash else b""
        is_right = hmac.compare_digest(expected, _hash(code_id, code))
        if row is not None and not is_right:  # an unknown id has no limit of tries
            audit.note(tx, "login-failed", origin, subject=row.account_id or code_id)
    if row is None or not is_right:
        raise LoginFailed
    return row


def accept(tx: Transaction, row: LoginCode, *, for_staff: bool) -> Account:
    """Use a proven code up, and return its account, whose address is verified by that; LoginFailed."""
    login = profiles.lock_login(tx, account_id=row.account_id or "")
    if login is None or login.account.email != row.email or not _may(login.account, for_staff=for_staff):
        raise LoginFailed
    if not queries.delete_code(tx, code_id=row.id):
        raise LoginFailed
    return verification.verified(tx, login.account)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the codes that have expired, and return how many."""
    return queries.delete_expired(tx, before=tx.now, most=most)


def _may(account: Account, *, for_staff: bool) -> bool:
    return account.status == ACTIVE and (for_staff or account.role == CUSTOMER)


def _hash(code_id: str, code: str) -> bytes:
    return hashlib.sha256(f"{code_id}:{code}".encode()).digest()
