"""Compares our worker with gunicorn's gthread on one trivial Falcon route, in alternating rounds.

Usage: python bench/server.py [rounds] — with `wrk` if it is installed, else with a client of its own,
which is slower than either server and so makes the difference look smaller than it is.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import falcon

ROOT = Path(__file__).parents[1]
WORKERS = {"gthread": "gthread", "kiosque": "api.web.server.worker.Worker"}
CONNECTIONS = 32
SECONDS = 4


class Hello:
    """/hello"""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Say that all is well."""
        resp.data = b'{"status":"ok"}'


app = falcon.App()
app.add_route("/hello", Hello())


def main() -> None:
    """Print requests a second of each, round by round, and the ratio of the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    measure = with_wrk if shutil.which("wrk") else with_threads
    results: dict[str, list[float]] = {name: [] for name in WORKERS}
    for number in range(rounds):
        for name, worker in WORKERS.items():
            with serving(worker) as port:
                results[name].append(measure(port))
            print(f"round {number + 1}  {name:8} {results[name][-1]:9,.0f} requests/s", flush=True)
    medians = {name: statistics.median(figures) for name, figures in results.items()}
    print("medians  " + "  ".join(f"{name} {figure:,.0f}" for name, figure in medians.items()))
    print(f"ratio    {medians['kiosque'] / medians['gthread']:.2f}")


@contextlib.contextmanager
def serving(worker: str) -> Iterator[int]:
    """gunicorn with two workers of four threads on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = f"--workers 2 --threads 4 --keep-alive 5 --log-level warning --bind 127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", worker]
    server = subprocess.Popen(  # noqa: S603
        [*command, *settings.split(), "server:app"],
        cwd=ROOT / "bench",  # out of reach of gunicorn.conf.py: the workers alone are compared
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        while not _is_open(port):
            time.sleep(0.05)
        time.sleep(1)  # both workers are up
        yield port
    finally:
        server.terminate()
        server.wait()


def with_wrk(port: int) -> float:
    """Requests a second according to wrk."""
    url = f"http://127.0.0.1:{port}/hello"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", url]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in report or "Socket errors" in report:
        print(report)
    found = re.search(r"Requests/sec:\s+([\d.]+)", report)
    return float(found[1]) if found else 0.0


def with_threads(port: int) -> float:
    """Requests a second of a few threads, each on a connection of its own."""
    request = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
    end = time.monotonic() + SECONDS
    counts: list[int] = []

    def ask() -> None:
        count = 0
        with socket.create_connection(("127.0.0.1", port)) as client:
            while time.monotonic() < end:
                client.sendall(request)
                while not client.recv(4096).endswith(b'{"status":"ok"}'):
                    pass
                count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
