"""A profile of a request: samples of one busy worker, by the part of the program that was running."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.contenders import CACHE_OFF, LIST, kiosque, kiosque_over
from bench.load import load
from bench.orders import filled, order
from bench.rows import Rows
from bench.servers import Server, running

ORDER = "order"
SECONDS = 8
RATE = 250
"""Samples a second."""

PARTS = {
    "SQLite and its driver": r"Prepared\.(rows|run|run_many) |\.look |_begin_to_write |do_(commit|rollback) ",
    "SQLAlchemy": r"\(sqlalchemy/",
    "Falcon": r"\(falcon/",
    "log and metrics": r"\(logging/|\(api/web/(logs|metrics)\.py|\(prometheus_client/",
    "the server": r"\(api/server/|\(asyncio/|\(selectors\.py|\(gunicorn/|\(threading\.py|\(socket\.py",
    "Kiosque's own code": r"\(api/|<string>|<lambda>",
    "the standard library": "",
}
"""The first that matches the innermost Python function; C code counts as the function that called it."""
IDLE = r"Pool\._work(_aside)? |\.select \(|_next_writer "
"""Threads that are idle or wait for their turn to write."""


def measure(rows: Rows, *, say: Callable[[str], None]) -> dict[str, Any]:
    """For each request, the share of each part in the time of a worker that does nothing else."""
    if shutil.which("py-spy", path=str(Path(sys.executable).parent)) is None:
        say("py-spy is not there: no shares")
        return {}
    folder, url = rows.folder, f"sqlite:///{rows.folder / 'shares.db'}"
    shop, alone = filled(url), {"WEB_CONCURRENCY": "1"}
    cached, uncached = kiosque(rows, "rows", **alone), kiosque(rows, "rows", **alone, **CACHE_OFF)
    found = {}
    for what, contender in (
        ("list, from the cache", cached),
        ("list, cache off", uncached),
        (ORDER, kiosque_over(folder, url, **alone)),
    ):
        with running(contender, folder) as server, _sampled(server, folder / "samples") as samples:
            if what == ORDER:
                order(server, shop, SECONDS, "shares")
            else:
                load(server, LIST, seconds=SECONDS)
        found[what] = _shares(samples.read_text())
        say(f"{what}: " + ", ".join(f"{part} {share:.0%}" for part, share in found[what].items()))
    return found


@contextmanager
def _sampled(server: Server, samples: Path) -> Iterator[Path]:
    """The stacks of the worker while the block runs, one per line, each with its number of samples."""
    spy = str(Path(sys.executable).with_name("py-spy"))
    worker, duration = str(server.pids()[-1]), str(SECONDS - 1)
    command = [spy, "record", "--pid", worker, "--duration", duration, "--rate", str(RATE), "--format", "raw"]
    with subprocess.Popen([*command, "--output", str(samples)], stdout=subprocess.DEVNULL) as recording:
        yield samples
        recording.wait()


def _shares(samples: str) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        innermost = stack.rpartition(";")[2]
        if not re.search(IDLE, innermost):
            counts[next(part for part, names in PARTS.items() if re.search(names, innermost))] += int(count)
    return {part: counts[part] / counts.total() for part in PARTS}
