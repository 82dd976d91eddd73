"""A rehearsal: the server that a test run starts for itself, and the client that governs it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kiosque_client.client import Client

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10

MISLEADING = ("PYTHONPATH", "PYTHONHOME", "KIOSQUE_DATA", "KIOSQUE_DATABASE_URL", "KIOSQUE_PROXY")
"""Variables of this process that lead to other packages or to real data; the server has the others too."""


class CannotStart(Exception):
    """The end of the log of a server that did not start."""


class Rehearsal(Client):
    """A stranger's client of a sandbox, and its clock, faults and snapshots."""

    def reset(self, snapshot: str | None = None) -> None:
        """Put data, clock and faults back to what they were in the snapshot, or at first."""
        self.post("/rehearsal/resets", {"snapshot": snapshot})

    def snapshot(self, name: str = "snapshot") -> str:
        """Store data, clock and faults under that name, for `reset`."""
        self.put(f"/rehearsal/snapshots/{name}")
        return name

    def as_(self, role: str) -> Client:
        """A client of a new account with that role."""
        return self.with_token(self.post("/rehearsal/accounts", {"role": role})["token"])

    def advance(self, seconds: float) -> str:
        """Put the clock forward; returns the time that it shows then."""
        now: str = self.post("/rehearsal/clock/advances", {"seconds": seconds})["now"]
        return now

    def fail(self, path: str, *steps: int | str | Mapping[str, Any], method: str | None = None) -> None:
        """Let each step happen to one of the next requests to that path.

        A step is a status, the code of a problem, or an object such as `{"code": 503, "after": True}`,
        `{"wait": 2}`, `{"cut": 200}` or `{}`, which lets the request through.
        """
        sequence = [dict(step) if isinstance(step, Mapping) else {"code": step} for step in steps]
        self.post("/rehearsal/faults", {"path": path, "method": method, "sequence": sequence})

    def mails(self) -> list[dict[str, Any]]:
        """The e-mails that a live server would have sent by now, the oldest first."""
        self.post("/rehearsal/jobs", {"until_idle": True})
        return list(self.every("/rehearsal/mails"))


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The URL of a server of one's own, with those options of `kiosque rehearse`, until the block ends.

    It runs in a folder of its own and without PYTHONPATH: `api` may be another package here.
    """
    command = Path(sys.executable).with_name("kiosque")
    with tempfile.TemporaryDirectory(prefix="kiosque-tests-") as folder, tempfile.TemporaryFile() as log:
        server = subprocess.Popen(  # noqa: S603  # our own command
            [command, "rehearse", "--bind", "127.0.0.1:0", *options],
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name not in MISLEADING}
            | {"WEB_CONCURRENCY": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            yield _url(server, log)
        finally:
            _stop(server)


def _url(server: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    """The address in the line that the server prints as soon as it is ready; CannotStart."""
    assert server.stdout is not None  # noqa: S101
    ready, _, _ = select.select([server.stdout], [], [], SECONDS_TO_START)
    line = server.stdout.readline() if ready else b""
    if not line:
        log.seek(0)
        raise CannotStart(log.read().decode(errors="replace")[-4_000:])
    return str(json.loads(line)["url"])


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.communicate(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.communicate()
