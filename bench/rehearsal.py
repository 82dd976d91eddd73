"""A rehearsal: how long start, reset, snapshot, restore and a new sandbox take, and whether a read is stale.

`python -m bench.rehearsal` prints a line for each; every request has a connection of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median
from typing import Any

TIMES = 200
READS = 5
"""After each reset, at the same time."""


def main() -> None:
    """Measure with two workers, on the data of the demonstration."""
    _print("start", [_started() for _ in range(5)])
    with _rehearsal() as port:
        numbers = iter(range(TIMES))
        _call(port, "PUT", "/rehearsal/snapshots/a")
        for name, act in {
            "read": lambda: _call(port, "GET", "/v1/articles"),
            "reset": lambda: _call(port, "POST", "/rehearsal/resets", {}),
            "snapshot": lambda: _call(port, "PUT", "/rehearsal/snapshots/a"),
            "restore": lambda: _call(port, "POST", "/rehearsal/resets", {"snapshot": "a"}),
            "new sandbox": lambda: _call(port, "GET", "/v1/articles", sandbox=f"new-{next(numbers)}"),
        }.items():
            _print(name, [_seconds(act) for _ in range(TIMES)])
        print(f"stale reads  {_stale(port)} of {TIMES * READS}")


def _stale(port: int) -> int:
    first = _call(port, "GET", "/v1/articles")
    stale = 0
    with ThreadPoolExecutor(READS) as pool:
        for number in range(TIMES):
            _change(port, f"Fog {number}")
            _call(port, "POST", "/rehearsal/resets", {})
            reads = pool.map(lambda _: _call(port, "GET", "/v1/articles"), range(READS))
            stale += sum(read != first for read in reads)
    return stale


def _change(port: int, title: str) -> None:
    """Publish an article, which every read of the list must show from then on."""
    token = json.loads(_call(port, "POST", "/rehearsal/accounts", {"role": "owner"}))["token"]
    article = json.loads(_call(port, "POST", "/v1/articles", {"title": title, "body": "."}, token=token))
    _call(port, "PUT", f"/v1/articles/{article['id']}/publication", {}, token=token)
    assert title in _call(port, "GET", "/v1/articles").decode()


def _started() -> float:
    began = time.perf_counter()
    with _rehearsal() as port:
        _call(port, "GET", "/v1")
        return time.perf_counter() - began


@contextmanager
def _rehearsal() -> Iterator[int]:
    command = [sys.executable, "-m", "api", "rehearse", "--bind", "127.0.0.1:0"]
    process = subprocess.Popen(
        ["/usr/bin/env", "WEB_CONCURRENCY=2", *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["ports"][0]
    finally:
        process.terminate()
        process.wait()


def _call(
    port: int, method: str, path: str, body: Any = None, *, sandbox: str = "0", token: str | None = None
) -> bytes:
    headers = {"Kiosque-Sandbox": sandbox} | ({"Authorization": f"Bearer {token}"} if token else {})
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        assert answer.status < 400, answer.read()
        return answer.read()
    finally:
        connection.close()


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _print(name: str, seconds: list[float]) -> None:
    print(f"{name:12} {median(seconds) * 1000:8.1f} ms, {max(seconds) * 1000:8.1f} ms at most", flush=True)


if __name__ == "__main__":
    main()
