"""Where a worker runs: threads that take turns at one interpreter should not do so across cores.

They hand it over at every row of a query, and to wake a thread on another core costs more than a row does.
"""

import os
from contextlib import suppress

# What the operator lets us have; gunicorn's master imports this before it forks.
_ALL = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def settle(slot: int | None, workers: int) -> None:
    """Keep this process to one core, the next for each slot, when there is a worker for every core.

    With fewer workers than cores, several servers could meet on one core while others idle. Elsewhere than on
    Linux a process runs where it likes.
    """
    if _ALL and slot is not None and workers >= len(_ALL):
        _keep_to([_ALL[slot % len(_ALL)]])


def roam() -> None:
    """Let this thread run anywhere: it is one that works without the interpreter."""
    if _ALL:
        _keep_to(_ALL)


def _keep_to(cores: list[int]) -> None:
    with suppress(OSError):  # forbidden, or the core has been taken away: slower, and no reason to end
        os.sched_setaffinity(0, cores)
