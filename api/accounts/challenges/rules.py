"""A challenge stands for a first step that was right: it works for 10 minutes, until one login has used it.

It ends with the password that it was made after. Codes that are wrong count against the account, in a
transaction that is committed, so refusals are returned here where others raise them.
"""

from __future__ import annotations

import secrets

from api import times
from api.accounts.challenges import queries
from api.accounts.challenges.records import Challenge
from api.accounts.mail_tokens.rules import fingerprint
from api.accounts.profiles.queries import lock_login
from api.accounts.profiles.records import Account
from api.accounts.second_factors import rules as second_factors
from api.accounts.second_factors.records import Evidence
from api.accounts.sessions.logins import LoginFailed
from api.accounts.sessions.rules import digest
from api.accounts.throttle import rules as throttle
from api.audit import rules as audit
from api.audit.records import SHELL, Origin
from api.errors import DomainError, NotSignedIn, TooMany
from api.roles import ACTIVE
from api.storage import Transaction

PREFIX = "kc_"
MINUTES = 10
MOST_CHALLENGES = 20


class SecondFactorRequired(NotSignedIn):
    """The password or code is right, and the account's second factor has to follow."""

    code, title = "second-factor-required", "Second factor required"
    remedy = "Send POST /v1/sessions with this challenge and a code of the app, or a recovery_code."


def require(tx: Transaction, account: Account) -> SecondFactorRequired | None:
    """The refusal, with a new challenge, of a login to an account that has a second factor; else None."""
    if not second_factors.is_on(tx, account_id=account.id):
        return None
    login = lock_login(tx, account_id=account.id)  # again, since its password may have been hashed anew
    if login is None:
        return None
    token = PREFIX + secrets.token_urlsafe(32)
    challenge = Challenge(tx.new_id("chl"), account.id, fingerprint(login))
    expires_at = times.later(tx.now, minutes=MINUTES)
    queries.insert_challenge(
        tx, challenge, token_hash=digest(token), expires_at=expires_at, most=MOST_CHALLENGES
    )
    return SecondFactorRequired(challenge=token)


def answer(
    tx: Transaction, *, token: str, evidence: Evidence, network: str, origin: Origin = SHELL
) -> Account | DomainError:
    """Use up a challenge and the code that it asked for, and return the account; or the refusal to commit."""
    challenge = queries.find_challenge(tx, token_hash=digest(token))
    if challenge is None:
        return LoginFailed()
    account_id = challenge.account_id
    wait = throttle.claim_factor(tx, account_id=account_id, network=network)
    if wait:
        return TooMany(retry_after=wait)
    login = lock_login(tx, account_id=account_id)
    if login is None or login.account.status != ACTIVE or fingerprint(login) != challenge.fingerprint:
        return LoginFailed()
    if not second_factors.spend(tx, account_id=account_id, evidence=evidence):
        audit.note(tx, "login-failed", origin, subject=account_id, by="second-factor")
        return LoginFailed()
    if not queries.delete_challenge(tx, challenge_id=challenge.id):
        raise LoginFailed  # and the code stays unused
    throttle.forgive_factor(tx, account_id=account_id, network=network)
    if evidence.recovery_code is not None:
        audit.note(tx, "second-factor", origin, subject=account_id, change="recovery-code-used")
    return login.account


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the challenges that have expired, and return how many."""
    return queries.delete_expired(tx, before=tx.now, most=most)
