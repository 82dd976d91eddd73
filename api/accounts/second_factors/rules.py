"""An account has at most one active factor; a new one replaces it once its first code has come.

A code works once, and none before it works afterwards. Neither a new password nor another e-mail address
removes a factor: whoever controls the mailbox must not get in without it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import TypeVar

from api.accounts.profiles.queries import find_account
from api.accounts.profiles.records import Account
from api.accounts.second_factors import queries, totp
from api.accounts.second_factors.records import Evidence, NewSecondFactor, SecondFactor
from api.accounts.sessions.logins import LoginFailed
from api.accounts.throttle import rules as throttle
from api.errors import DomainError, NotFound, TooMany
from api.ids import ALPHABET
from api.roles import Viewer
from api.storage import Transaction

Success = TypeVar("Success")

RECOVERY_CODES = 10
_GROUPS, _IN_GROUP = 4, 4
"""80 random bits, which need no slow hash."""


def is_on(tx: Transaction, *, account_id: str) -> bool:
    """Whether a login of the account needs a second factor."""
    return queries.has_active(tx, account_id=account_id)


def create(tx: Transaction, account: Account, *, issuer: str) -> NewSecondFactor:
    """A factor of the locked `account`, in place of one that was never activated."""
    queries.delete_factors(tx, account_id=account.id, status="pending")
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    factor = NewSecondFactor(
        id=tx.new_id("fac"),
        secret=totp.text_of(secret),
        uri=totp.uri_of(secret, issuer=issuer, account=account.email or account.id),
        recovery_codes=tuple(_recovery_code() for _ in range(RECOVERY_CODES)),
    )
    queries.insert_factor(
        tx,
        factor_id=factor.id,
        account_id=account.id,
        secret=secret,
        code_hashes=[_hash(factor.id, code) for code in factor.recovery_codes],
    )
    return factor


def find(tx: Transaction, *, ref: str, account_id: str) -> SecondFactor:
    """The account's factor of that id, or NotFound."""
    factor = queries.find_factor(tx, account_id=account_id, factor_id=ref)
    if factor is None:
        raise NotFound
    return factor


def activate(
    tx: Transaction, factor: SecondFactor, *, actor: Viewer, code: str
) -> SecondFactor | LoginFailed | TooMany:
    """The factor, active in place of another; or the refusal to commit. One that is active stays as it is."""
    if factor.status == "active":
        return factor
    return _counted(tx, actor, lambda: _activated(tx, factor, account_id=actor.id, code=code))


def confirm(tx: Transaction, *, actor: Viewer, code: str) -> LoginFailed | TooMany | None:
    """Use up a code by which a session proves whose it is; or the refusal to commit."""
    outcome = _counted(tx, actor, lambda: spend(tx, account_id=actor.id, evidence=Evidence(code=code)))
    return outcome if isinstance(outcome, DomainError) else None


def spend(tx: Transaction, *, account_id: str, evidence: Evidence) -> bool:
    """Use up a code of the account's active factor; False if it is wrong or used."""
    active = queries.find_secret(tx, account_id=account_id, status="active")
    if active is None:
        return False
    if evidence.recovery_code is not None:
        code_hash = _hash(active.id, evidence.recovery_code)
        return queries.use_recovery_code(tx, factor_id=active.id, code_hash=code_hash)
    latest = totp.step_at(tx.now) + 1
    return any(
        queries.use_step(tx, factor_id=active.id, step=step, latest=latest)
        for step in totp.steps_of(evidence.code or "", secret=active.secret, now=tx.now)
    )


def delete(tx: Transaction, factor: SecondFactor, *, account_id: str) -> None:
    """Remove a factor of the account, and its recovery codes."""
    queries.delete_factor(tx, account_id=account_id, factor_id=factor.id)


def delete_all(tx: Transaction, *, account_id: str) -> bool:
    """Remove all factors of the account; whether there were any."""
    throttle.clear_factor(tx, account_id=account_id)
    return queries.delete_factors(tx, account_id=account_id) > 0


def _counted(
    tx: Transaction, actor: Viewer, attempt: Callable[[], Success | None]
) -> Success | LoginFailed | TooMany:
    session = {"session_id": actor.session_id or actor.id}
    wait = throttle.claim_confirmation(tx, **session)
    if wait:
        return TooMany(retry_after=wait)
    success = attempt()
    if not success:
        return LoginFailed()
    throttle.forgive_confirmation(tx, **session)
    return success


def _activated(tx: Transaction, factor: SecondFactor, *, account_id: str, code: str) -> SecondFactor | None:
    find_account(tx, account_id=account_id, lock=True)  # whoever activates another at the same time waits
    pending = queries.find_secret(tx, account_id=account_id, status="pending")
    if pending is None or pending.id != factor.id:
        return None
    steps = totp.steps_of(code, secret=pending.secret, now=tx.now)
    if not steps:
        return None
    queries.delete_factors(tx, account_id=account_id, status="active")
    queries.activate_factor(tx, factor_id=factor.id, step=steps[0])
    return find(tx, ref=factor.id, account_id=account_id)


def _recovery_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(_GROUPS * _IN_GROUP))
    return "-".join(letters[start : start + _IN_GROUP] for start in range(0, len(letters), _IN_GROUP))


def _hash(factor_id: str, recovery_code: str) -> bytes:
    letters = "".join(recovery_code.lower().replace("-", " ").split())
    return hashlib.sha256(f"{factor_id}:{letters}".encode()).digest()
