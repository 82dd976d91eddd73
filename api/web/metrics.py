"""The metrics of the server for Prometheus: requests, waits for the database and the counters of features.

Each worker writes to a file of its own, and any worker can answer with the sum of all. A file belongs to a
slot, not to a process: the next worker in the slot continues it, so files stay few and counters never fall.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

from api.storage import AWAITED, NOTICED

MEDIA_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WAITS = tuple(bound for bound in BUCKETS if bound > NOTICED)
FILES = "/* (static files)"

Gauge: TypeAlias = tuple[str, str, float]
"""Name, meaning, value."""


class Metrics:
    """The metrics of one process, or after `share` and `take_slot` of all workers of its server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._durations = Histogram(
            "kiosque_request_duration_seconds",
            "Requests answered, and the seconds that each took.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        lookups = Counter(
            "kiosque_cache_lookups",
            "Requests that the cache may answer, by whether it did.",
            ("found",),
            registry=self._registry,
        )
        self._lookups = {hit: lookups.labels("yes" if hit else "no") for hit in (True, False)}
        waits = Histogram(
            "kiosque_database_wait_seconds",
            f"Waits of {NOTICED:g} s or more: for a turn to write, a connection, a transaction to begin.",
            ("awaited",),
            buckets=WAITS,
            registry=self._registry,
        )
        self._waits = {awaited: waits.labels(awaited) for awaited in AWAITED}
        # Looking a label set up costs more than counting it.
        self._known: dict[tuple[str, str | None, int], Any] = {}

    def observe(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one answer; `method` is a known one, `route` the path template, None for files."""
        known = self._known.get((method, route, status))
        if known is None:
            known = self._durations.labels(method, route or FILES, str(status))
            self._known[method, route, status] = known
        known.observe(seconds)

    def looked_up(self, *, hit: bool) -> None:
        """Count one lookup in the cache."""
        self._lookups[hit].inc()

    def waited(self, awaited: str, seconds: float) -> None:
        """Count one wait for the database."""
        self._waits[awaited].observe(seconds)

    def in_use(self, more: int) -> None:
        """Count connections taken from the pool or, if negative, returned to it."""
        with _counting:
            _in_use[_slot] += more

    def counter(self, name: str, description: str) -> Counter:
        """A counter of a feature, which creates it once; `_total` is appended to the name."""
        return Counter(name, description, registry=self._registry)

    def text(self, gauges: Iterable[Gauge] = ()) -> bytes:
        """The metrics of all workers as OpenMetrics, with `gauges` of this moment: name, meaning, value."""
        registry = CollectorRegistry()
        registry.register(_Gauges([*gauges, _connections_in_use()]))
        if _folder is None:
            registry.register(self._registry)
        else:
            MultiProcessCollector(registry, path=str(_folder))  # type: ignore[no-untyped-call]
        written: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
        return written


@dataclass(frozen=True, eq=False)
class _Gauges:
    """Figures of this moment, which need no file of a worker."""

    figures: Iterable[Gauge]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The protocol of the registry."""
        return (GaugeMetricFamily(*figure) for figure in self.figures)


def _connections_in_use() -> Gauge:
    # In the workers' files, counting them would cost five times as much.
    return "kiosque_database_connections_in_use", "Connections with an open transaction.", sum(_in_use)


_PREFIX = "kiosque-metrics-"
_SETTLED_SECONDS = 60
_folder: Path | None = None
_slot = 0
_in_use = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("i")
"""By slot, in memory shared by all workers, since this module is imported before they are forked."""
_counting = threading.Lock()


# A server started by USR2 inherits the variable that names the old one's folder, and must not write into it.
values.ValueClass = values.MutexValue


def share() -> None:
    """In the master, before any worker starts: create the folder of the workers' files."""
    global _folder
    if _folder is not None:
        return
    parent = Path("/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir())  # noqa: S108  # see below
    remove_abandoned(parent)
    _folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))  # fresh, and closed to others
    lock(_folder)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_folder)
    values.ValueClass = values.MultiProcessValue(lambda: _slot)  # type: ignore[no-untyped-call]


def remove_abandoned(parent: Path) -> None:
    """Remove the folders of masters that were killed, so that memory does not fill with them."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, in use, or just removed by another master
            is_new = time.time() - folder.stat().st_mtime < _SETTLED_SECONDS  # and perhaps not locked yet
            if not is_new:
                os.close(lock(folder))
                shutil.rmtree(folder)


def lock(folder: Path) -> int:
    """Hold the folder until this process and all that it has forked have ended; OSError if others do."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def take_slot(arbiter: Any, worker: Any) -> None:
    """gunicorn's pre_fork hook: assign the lowest slot that no living worker has."""
    global _slot
    taken = {getattr(other, "slot", None) for other in arbiter.WORKERS.values()}
    _slot = worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def leave_slot(_arbiter: Any, worker: Any) -> None:
    """gunicorn's child_exit hook: connections of a worker that has ended are no longer in use."""
    _in_use[worker.slot] = 0


def discard(_arbiter: Any) -> None:
    """gunicorn's on_exit hook: remove the folder."""
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
