"""Who has how many connections, in memory that all workers share, so that none takes more than its part.

The kernel gives a burst of connections to whichever worker is awake, and keep-alive leaves them there.
"""

import mmap

MOST = 256  # workers that can count at once
YIELD_SECONDS = 0.001  # that a worker which is ahead leaves to the others

# gunicorn's master imports this with the worker class, before it forks: so it is one memory for all.
# Each place holds one more than the connections of its worker, and 0 if nobody counts there.
_places = memoryview(mmap.mmap(-1, 4 * MOST)).cast("i")


class Share:
    """The place of one worker; without a slot it takes what comes."""

    def __init__(self, slot: int | None) -> None:
        self._slot = slot if slot is not None and slot < MOST else None

    def tell(self, connections: int) -> None:
        """Say how many this worker has."""
        if self._slot is not None:
            _places[self._slot] = connections + 1

    def leave(self) -> None:
        """This worker takes no more."""
        if self._slot is not None:
            _places[self._slot] = 0

    def is_ahead(self, connections: int) -> bool:
        """Whether another worker has fewer by more than one."""
        if self._slot is None:
            return False
        return any(0 < place <= connections - 1 for place in _others(self._slot))


def _others(slot: int) -> list[int]:
    places = _places.tolist()
    return places[:slot] + places[slot + 1 :]
