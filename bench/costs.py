"""The fixed costs of Kiosque: memory of a worker, time to the first answer, CPU of a command."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.contenders import FILE, LIST, SERVE, kiosque, unending
from bench.load import load
from bench.rows import Rows
from bench.servers import await_answer, running, start, stop

REQUESTS = 100_000


def measure(rows: Rows, *, rounds: int, requests: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Megabytes of each worker before and after the requests; seconds to the first answer, of `--help`."""
    memory = _memory(rows, requests, say)
    first = [_first_answer(rows) for _ in range(rounds)]
    helped = [_help() for _ in range(rounds)]
    say(f"first answer after {median(first):.2f} s, --help {median(helped):.2f} s of CPU")
    return {"requests": requests, "memory": memory, "first answer": first, "help": helped}


def _memory(rows: Rows, requests: int, say: Callable[[str], None]) -> dict[str, list[float]]:
    with running(unending(rows), rows.folder) as server:
        article = f"{LIST}/{rows.slug}"
        signed = {"Authorization": f"Bearer {rows.shop.tokens[0]}"}
        asked: list[tuple[str, dict[str, str]]] = [(LIST, {}), (article, {}), (LIST, signed), (FILE, {})]
        for path, headers in asked:
            server.get(path, headers)
        before = server.memory()
        done = 0.0
        while done < requests:
            for path, headers in asked:
                done += 2 * load(server, path, headers=headers, seconds=2).rate
        after = server.memory()
        say(f"memory of a worker {max(before):.1f} MB, after {done:,.0f} requests {max(after):.1f} MB")
        return {"before": before, "after": after}


def _first_answer(rows: Rows) -> float:
    began = time.monotonic()
    server = start(kiosque(rows, "rows"), rows.folder)
    try:
        await_answer(server, "/healthz")
        return time.monotonic() - began
    finally:
        stop(server)


def _help() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*SERVE[:-1], "--help"], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
