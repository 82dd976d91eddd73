"""The throttle on guessing passwords: failures counted in the database, where all workers see them.

They count per e-mail and network, so that nobody is locked out from elsewhere. The count per e-mail alone
only delays networks that are new to the account, each for 30 seconds from its own first attempt.

An attempt is counted as a failure before its password is hashed, and taken back if it succeeds, so attempts
that run at the same time cannot slip past the limit together. Who claims one holds the hasher's turn: a
process has at most one in flight, and good logins that come together do not shut each other out.
"""

from __future__ import annotations

import hashlib
import math

from msgspec import Struct

from api import times
from api.accounts.throttle import queries
from api.accounts.throttle.records import Failures
from api.errors import TooMany
from api.storage import Transaction
from api.times import Instant

FORGOTTEN_AFTER = 24 * 3600
KNOWN_FOR_DAYS = 30


class Limit(Struct, frozen=True):
    """`free` failures, then a wait; forgotten `window` seconds after the first, or the latest."""

    free: int
    window: int
    from_latest: bool
    longest: int
    doubles: bool = True

    def wait_after(self, failures: int) -> int:
        """Seconds between the latest of so many failures and the next attempt."""
        if failures < self.free:
            return 0
        return min(self.longest, 2 ** min(failures - self.free, 10)) if self.doubles else self.longest


GUESSER = Limit(5, FORGOTTEN_AFTER, True, 900)
"""One network that tries one e-mail, or one session that is asked for its password."""
EMAIL = Limit(20, FORGOTTEN_AFTER, True, 30)
NETWORK = Limit(60, 900, False, 900, doubles=False)
FACTOR = Limit(20, 3_600, False, 3_600, doubles=False)
"""Second factors of one account from networks that it has not logged in from: whoever guesses them knows the
password, and has a chance of 3 in a million each time."""


def check(tx: Transaction, *, email_key: str, network: str) -> None:
    """TooMany if a login has to wait; changes nothing."""
    counted = {}
    for subject, limit in _limits(email_key, network).items():
        failures = queries.find_failures(tx, subject=subject)
        counted[subject] = _current(limit, failures or Failures(0, tx.now), tx.now)
    is_first = counted[_guesser(email_key, network)].since == tx.now
    wait = _wait(tx, counted, email_key=email_key, network=network, is_first=is_first)
    if wait:
        raise TooMany(retry_after=wait)


def claim(tx: Transaction, *, email_key: str, network: str) -> int:
    """Count one failure of a login, to a known account or not; or the seconds that it has to wait.

    Whoever has to wait must commit all the same: from a new network the wait runs from its first attempt.
    """
    limits = _limits(email_key, network)
    counted = {
        subject: _current(limit, queries.lock_failures(tx, subject=subject), tx.now)
        for subject, limit in limits.items()
    }
    wait = _wait(tx, counted, email_key=email_key, network=network)
    for subject, limit in limits.items():
        failures = counted[subject] if wait else _one_more(limit, counted[subject], tx.now)
        queries.update_failures(tx, subject=subject, failures=failures)
    return wait


def forgive(tx: Transaction, *, email_key: str, network: str) -> None:
    """The claimed login succeeded: clear its counts, and take one off the network's."""
    queries.delete_failures(tx, subject=_guesser(email_key, network))
    queries.delete_failures(tx, subject=subject_of(email_key))
    queries.decrease_failures(tx, subject=_network(network))


def has_logged_in_from(tx: Transaction, *, account_id: str, network: str) -> bool:
    """Whether the account has logged in from there in the last 30 days."""
    since = times.later(tx.now, days=-KNOWN_FOR_DAYS)
    return queries.has_network(tx, account_id=account_id, network=network, since=since)


def note_login(tx: Transaction, *, account_id: str, network: str) -> None:
    """Make the network known to the account for 30 days."""
    before = times.later(tx.now, days=-KNOWN_FOR_DAYS)
    queries.note_network(tx, account_id=account_id, network=network, forget_before=before)


def clear(tx: Transaction, *, email_key: str) -> None:
    """Clear the failures counted against an e-mail, from every network."""
    queries.delete_failures_of(tx, account=subject_of(email_key))


def forget_networks(tx: Transaction, *, account_id: str) -> None:
    """Forget from where the account has logged in."""
    queries.delete_networks(tx, account_id=account_id)


def claim_confirmation(tx: Transaction, *, session_id: str) -> int:
    """Count one failure of a session to confirm its password; or the seconds that it has to wait."""
    subject = _session(session_id)
    failures = _current(GUESSER, queries.lock_failures(tx, subject=subject), tx.now)
    wait = _left(GUESSER, failures, tx.now)
    if not wait:
        queries.update_failures(tx, subject=subject, failures=_one_more(GUESSER, failures, tx.now))
    return wait


def forgive_confirmation(tx: Transaction, *, session_id: str) -> None:
    """The claimed confirmation succeeded: clear its count."""
    queries.delete_failures(tx, subject=_session(session_id))


def claim_factor(tx: Transaction, *, account_id: str, network: str) -> int:
    """Count one failure to prove a second factor; or the seconds that it has to wait."""
    limits = {f"{factor_of(account_id)}:{network}": GUESSER, factor_of(account_id): FACTOR}
    counted = {
        subject: _current(limit, queries.lock_failures(tx, subject=subject), tx.now)
        for subject, limit in limits.items()
    }
    is_known = has_logged_in_from(tx, account_id=account_id, network=network)
    wait = max(
        _left(limit, counted[subject], tx.now)
        for subject, limit in limits.items()
        if limit is GUESSER or not is_known
    )
    if not wait:
        for subject, limit in limits.items():
            queries.update_failures(tx, subject=subject, failures=_one_more(limit, counted[subject], tx.now))
    return wait


def forgive_factor(tx: Transaction, *, account_id: str, network: str) -> None:
    """The claimed proof succeeded: clear the network's count, and take one off that of all networks."""
    queries.delete_failures(tx, subject=f"{factor_of(account_id)}:{network}")
    queries.decrease_failures(tx, subject=factor_of(account_id))


def clear_factor(tx: Transaction, *, account_id: str) -> None:
    """Clear the failures to prove the account's second factor, from every network."""
    queries.delete_failures_of(tx, account=factor_of(account_id))


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the failures that count no longer, and return how many."""
    before = times.later(tx.now, seconds=-FORGOTTEN_AFTER)
    return queries.delete_old_failures(tx, before=before, most=most)


def subject_of(email_key: str) -> str:
    """The subject against which failures count from wherever they come."""
    # Hashed, since people type passwords into the wrong field.
    return "account:" + hashlib.sha256(email_key.encode()).hexdigest()


def factor_of(account_id: str) -> str:
    """The subject against which failures to prove a second factor count from wherever they come."""
    return f"factor:{account_id}"


def _wait(
    tx: Transaction, counted: dict[str, Failures], *, email_key: str, network: str, is_first: bool = False
) -> int:
    """Seconds that this login has to wait; a first attempt is let through to `claim`, which stores it."""
    guesser, account = counted[_guesser(email_key, network)], counted[subject_of(email_key)]
    wait = max(_left(GUESSER, guesser, tx.now), _left(NETWORK, counted[_network(network)], tx.now))
    delay = EMAIL.wait_after(account.count)
    since = times.later(tx.now, days=-KNOWN_FOR_DAYS)
    if not delay or is_first or queries.knows_network(tx, email_key=email_key, network=network, since=since):
        return wait
    return max(wait, _seconds_left(delay, guesser.since, tx.now))


def _limits(email_key: str, network: str) -> dict[str, Limit]:
    # Always in this order, so that two transactions that lock the rows never wait for each other.
    return {
        _guesser(email_key, network): GUESSER,
        subject_of(email_key): EMAIL,
        _network(network): NETWORK,
    }


def _guesser(email_key: str, network: str) -> str:
    return f"{subject_of(email_key)}:{network}"


def _network(network: str) -> str:
    return f"network:{network}"


def _session(session_id: str) -> str:
    return f"session:{session_id}"


def _current(limit: Limit, failures: Failures, now: Instant) -> Failures:
    # Far in the future is over too: the clock was set back, and nobody should wait for it to come round.
    is_over = abs(times.seconds_between(failures.since, now)) >= limit.window
    return Failures(count=0, since=now) if is_over else failures


def _one_more(limit: Limit, failures: Failures, now: Instant) -> Failures:
    return Failures(failures.count + 1, now if limit.from_latest or not failures.count else failures.since)


def _left(limit: Limit, failures: Failures, now: Instant) -> int:
    return _seconds_left(limit.wait_after(failures.count), failures.since, now)


def _seconds_left(wait: int, since: Instant, now: Instant) -> int:
    return max(0, min(wait, math.ceil(wait - times.seconds_between(since, now))))
