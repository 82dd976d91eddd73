"""Connection counts of all workers in shared memory, so that none accepts more than its part.

The kernel gives a burst of connections to whichever worker is awake, and keep-alive leaves them there.
"""

import mmap

MOST = 256  # workers that are counted
YIELD_SECONDS = 0.001  # for which a worker with more connections leaves new ones to the others

# gunicorn's master imports this module with the worker class, before it forks: all have the same memory.
# By slot: one more than the worker's connections, or 0 if it accepts none.
_counts = memoryview(mmap.mmap(-1, 4 * MOST)).cast("i")


class Share:
    """The count of one worker; one without a slot is neither counted nor held back."""

    def __init__(self, slot: int | None) -> None:
        self._slot = slot if slot is not None and slot < MOST else None

    def report(self, connections: int) -> None:
        """Publish the number of this worker's connections."""
        if self._slot is not None:
            _counts[self._slot] = connections + 1

    def leave(self) -> None:
        """Stop being counted: this worker accepts no more."""
        if self._slot is not None:
            _counts[self._slot] = 0

    def is_ahead(self, connections: int) -> bool:
        """Whether another worker has fewer by more than one."""
        if self._slot is None:
            return False
        return any(0 < count <= connections - 1 for count in _others(self._slot))


def _others(slot: int) -> list[int]:
    counts = _counts.tolist()
    return counts[:slot] + counts[slot + 1 :]
