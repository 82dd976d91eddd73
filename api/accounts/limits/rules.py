"""Limits of any noun: so many uses of a kind by a subject, such as a network or an account, in a time.

The subject is whatever a noun counts by. Where counting and effect are one transaction, only what succeeds
counts; where trying is what costs, count in a transaction of its own, before the work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from api import times
from api.accounts.limits import queries
from api.accounts.limits.records import Limit, Uses
from api.errors import TooMany
from api.storage import Transaction
from api.times import Instant


@dataclass(frozen=True)
class Limits:
    """The limits of a server, which its operator may switch off for tests (`KIOSQUE_LIMITS`)."""

    are_on: bool = True

    def check(self, tx: Transaction, *limits: Limit, subject: str) -> None:
        """TooMany if one of the limits is used up; changes nothing."""
        for limit in limits if self.are_on else ():
            uses = queries.find_uses(tx, limit, subject=subject)
            if uses is not None:
                _refuse(limit, uses, tx.now)

    def use(self, tx: Transaction, *limits: Limit, subject: str) -> None:
        """Count one use of each limit, always given in one order, or TooMany."""
        for limit in limits if self.are_on else ():
            until = times.later(tx.now, seconds=limit.seconds)
            uses = queries.lock_uses(tx, limit, subject=subject, until=until)
            if not tx.now < uses.until <= until:  # over, or the clock was set back
                uses = Uses(0, until)
            _refuse(limit, uses, tx.now)
            queries.update_uses(tx, limit, Uses(uses.used + 1, uses.until), subject=subject)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the counts whose time is over, and return how many."""
    return queries.delete_old_uses(tx, before=tx.now, most=most)


def _refuse(limit: Limit, uses: Uses, now: Instant) -> None:
    left = times.seconds_between(now, uses.until)
    if uses.used >= limit.most and 0 < left <= limit.seconds:
        raise TooMany(retry_after=math.ceil(left))
