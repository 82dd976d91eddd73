"""The number of cores that this process may use, which a container or a service may have limited."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

from api import sqlite


def usable(cgroup: Path = Path("/proc/self/cgroup"), hierarchy: Path = Path("/sys/fs/cgroup")) -> int:
    """Those of the process's affinity, or as many as its control groups give it the time of."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([cores, *_quotas(cgroup, hierarchy)]))


def default_workers(database_url: str) -> int:
    """One for each of the cores, up to four; one alone where several processes would damage the database."""
    if database_url.startswith("sqlite") and not sqlite.is_safe():
        return 1
    return min(4, usable())


def _quotas(cgroup: Path, hierarchy: Path) -> list[int]:
    """The limit of each control group around this process (cgroup v2), in cores, rounded up."""
    quotas = []
    with suppress(OSError, ValueError):  # no Linux, or version 1
        group = hierarchy / cgroup.read_text().strip().rpartition(":")[2].lstrip("/")
        for folder in (group, *group.parents):
            with suppress(OSError, ValueError):  # the root has no limit; `max` is none
                quota, period = (folder / "cpu.max").read_text().split()
                quotas.append(math.ceil(int(quota) / int(period)))
    return quotas
