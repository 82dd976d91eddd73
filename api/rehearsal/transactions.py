"""The transactions of a rehearsal: their tokens are marked, and their ids sort under a clock that stands."""

from __future__ import annotations

import secrets
import time

from api import ids, times
from api.accounts.identification import REHEARSED
from api.storage import Transaction


class RehearsedTransaction(Transaction):
    """A transaction that is worth nothing outside its sandbox."""

    __slots__ = ()

    def new_id(self, prefix: str) -> str:
        """A new id of this instant; those of one instant sort as they were made, by whichever process."""
        place = time.monotonic_ns() << 16 | secrets.randbits(16)
        return ids.placed_id(prefix, times.moment(self.now), place)

    def marked(self, token: str) -> str:
        """The token with a mark by which every other server refuses it."""
        return REHEARSED + token
