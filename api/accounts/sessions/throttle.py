"""The throttle on guessing passwords: failures counted in the database, where all workers see them.

An attempt is counted as a failure before its password is hashed, and taken back if it succeeds, so attempts
that run at the same time cannot slip past the limit together. Who claims one holds the hasher's turn: a
process has at most one in flight, and good logins that come together do not shut each other out.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

from msgspec import Struct

from api import times
from api.accounts.sessions import queries
from api.accounts.sessions.records import Failures
from api.errors import TooMany
from api.storage import Transaction
from api.times import Instant

LONGEST_WAIT = 900
FORGOTTEN_AFTER = 24 * 3600
SWEPT_AT_ONCE = 20


class Limit(Struct, frozen=True):
    """`free` failures, then a wait; forgotten `window` seconds after the first, or the latest."""

    free: int
    window: int
    from_latest: bool
    wait: Callable[[int], int]


ACCOUNT = Limit(5, FORGOTTEN_AFTER, True, lambda failures: min(LONGEST_WAIT, 2 ** min(failures - 5, 10)))
NETWORK = Limit(60, 900, False, lambda _: 900)


def check(tx: Transaction, *, email_key: str, network: str) -> None:
    """TooMany if this account or this network has to wait; changes nothing."""
    for subject, limit in _subjects(email_key, network):
        failures = queries.find_failures(tx, subject=subject)
        if failures is not None:
            _refuse_early(limit, failures, tx.now)


def claim(tx: Transaction, *, email_key: str, network: str) -> None:
    """Count one failure against the account, known or not, and the network, or raise TooMany."""
    for subject, limit in _subjects(email_key, network):
        failures = queries.lock_failures(tx, subject=subject)
        _refuse_early(limit, failures, tx.now)
        if _are_over(limit, failures, tx.now):
            failures = Failures(count=0, since=tx.now)
        since = tx.now if limit.from_latest else failures.since
        queries.update_failures(tx, subject=subject, failures=Failures(failures.count + 1, since))
    queries.delete_old_failures(tx, before=times.later(tx.now, seconds=-FORGOTTEN_AFTER), most=SWEPT_AT_ONCE)


def forgive(tx: Transaction, *, email_key: str, network: str) -> None:
    """The claimed attempt succeeded: clear the account's count, and take one off the network's."""
    clear(tx, email_key=email_key)
    queries.decrease_failures(tx, subject=_network(network))


def clear(tx: Transaction, *, email_key: str) -> None:
    """Clear the failures counted against an account."""
    queries.delete_failures(tx, subject=_account(email_key))


def _subjects(email_key: str, network: str) -> tuple[tuple[str, Limit], ...]:
    # Always in this order, so that two transactions that lock both rows never wait for each other.
    return (_account(email_key), ACCOUNT), (_network(network), NETWORK)


def _account(email_key: str) -> str:
    # Hashed, since people type passwords into the wrong field.
    return "account:" + hashlib.sha256(email_key.encode()).hexdigest()


def _network(network: str) -> str:
    return f"network:{network}"


def _refuse_early(limit: Limit, failures: Failures, now: Instant) -> None:
    if failures.count < limit.free or _are_over(limit, failures, now):
        return
    wait = limit.wait(failures.count)
    left = wait - times.seconds_between(failures.since, now)
    if left > 0:
        raise TooMany(retry_after=min(wait, math.ceil(left)))


def _are_over(limit: Limit, failures: Failures, now: Instant) -> bool:
    # Far in the future counts too: the clock was set back, and nobody should wait for it to come round.
    return abs(times.seconds_between(failures.since, now)) >= limit.window
