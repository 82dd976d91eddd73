"""What the server has done, for Prometheus: one histogram that counts and times every request.

Each worker writes to a file of its own, and any worker sums them all when asked. A file belongs to a slot,
not to a process: the next worker in the slot counts on, so that files stay few and counters never fall.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FILES = "/* (static files)"


class Metrics:
    """The counters of one process, alone or, after `share` and `take_slot`, with the others of its server."""

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
            "Requests whose answer may be kept, by whether it was.",
            ("found",),
            registry=self._registry,
        )
        self._lookups = {hit: lookups.labels("yes" if hit else "no") for hit in (True, False)}
        # Looking a label set up costs more than counting it.
        self._known: dict[tuple[str, str | None, int], Any] = {}

    def observe(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one answer; `method` is one of the known few, `route` the template, None for files."""
        known = self._known.get((method, route, status))
        if known is None:
            known = self._durations.labels(method, route or FILES, str(status))
            self._known[method, route, status] = known
        known.observe(seconds)

    def looked_up(self, *, hit: bool) -> None:
        """Count one look into the cache."""
        self._lookups[hit].inc()

    def text(self) -> bytes:
        """Everything counted by all workers, as OpenMetrics."""
        registry = self._registry
        if _folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=str(_folder))  # type: ignore[no-untyped-call]
        written: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
        return written


_folder: Path | None = None
_slot = 0


def share() -> None:
    """In the master, before any worker: make the folder in which they add up."""
    global _folder
    if _folder is not None:
        return
    in_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a fresh folder below it
    _folder = Path(tempfile.mkdtemp(prefix="kiosque-metrics-", dir=in_memory))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_folder)
    values.ValueClass = values.MultiProcessValue(lambda: _slot)  # type: ignore[no-untyped-call]


def take_slot(arbiter: Any, worker: Any) -> None:
    """gunicorn's pre_fork hook: give the worker to be the lowest slot that no living one has."""
    global _slot
    taken = {getattr(other, "slot", None) for other in arbiter.WORKERS.values()}
    _slot = worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def discard(_arbiter: Any) -> None:
    """gunicorn's on_exit hook: remove the folder."""
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
