"""A temporary server over a database of its own, whose workers may be killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType

from api.errors import OperatorError

STARTS_WITHIN = 30.0
"""Seconds until a server must answer."""


@dataclass(slots=True)
class TemporaryServer:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def workers(self) -> list[int]:
        """The pids of its workers (Linux only)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            return [int(pid) for pid in children.read_text().split()]
        except OSError:
            return []

    def connect(self) -> HTTPConnection:
        """A connection to it, opened at its first use."""
        return HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def serve(folder: Path, database_url: str, *, workers: int, **environ: str) -> Iterator[TemporaryServer]:
    """Serve that database until the block ends; `environ` adds to the server's environment."""
    port = _free_port()
    log = folder / "server.log"
    environment = {
        "KIOSQUE_DATA": str(folder),
        "KIOSQUE_MEDIA_URL": "",
        "KIOSQUE_DATABASE_URL": database_url,
        "KIOSQUE_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": str(workers),
        **environ,
    }
    variables = [f"{name}={value}" for name, value in environment.items()]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own command
            ["/usr/bin/env", *variables, sys.executable, "-m", "api", "serve"],
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for us: the server ends when we are done with it
        )
    server = TemporaryServer(process, port, log)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait()


@dataclass(slots=True)
class WorkerKiller:
    """Kills a random worker every few moments while its block runs."""

    server: TemporaryServer
    every: float | None
    kills: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> WorkerKiller:
        if self.every is not None:
            self._thread = threading.Thread(target=self._kill, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _kill(self) -> None:
        while not self._over.wait(self.every):
            workers = self.server.workers()
            if workers:
                os.kill(random.choice(workers), signal.SIGKILL)  # noqa: S311  # no secret
                self.kills += 1


def _wait(server: TemporaryServer) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise OperatorError(
        f"The temporary server did not start. Its log ends with:\n{server.log.read_text()[-2000:]}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
