"""CPU affinity of a worker: threads that take turns at one interpreter should not do so across cores.

They hand it over at every row of a query, and waking a thread on another core costs more than a row does.
"""

import os
from contextlib import suppress

# As the operator allows; gunicorn's master imports this module before it forks.
_ALL = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(slot: int | None, workers: int) -> None:
    """Keep this process on one core, the next one for each slot, if there is a worker for every core.

    With fewer workers than cores, several servers could share one core while others idle. Only Linux pins.
    """
    if _ALL and slot is not None and workers >= len(_ALL):
        _run_on([_ALL[slot % len(_ALL)]])


def unpin() -> None:
    """Let this thread run on any core: it works without the interpreter."""
    if _ALL:
        _run_on(_ALL)


def _run_on(cores: list[int]) -> None:
    with suppress(OSError):  # forbidden, or the core has been taken away: slower, but no reason to stop
        os.sched_setaffinity(0, cores)
