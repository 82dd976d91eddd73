"""Servers as processes: started on a free port, measured and stopped, whatever their framework."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[1]
STARTS_WITHIN = 30.0
"""Seconds."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Contender:
    """How to start a server: `{port}` in a word of the command is replaced by its port."""

    command: tuple[str, ...]
    ready: str
    """A path that answers 200 as soon as the server is ready."""
    environ: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT
    talks: bool = False
    """Whether it logs every request; the log is discarded."""


@dataclass(slots=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, str]:
        """Status, body and ETag."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body, answer.getheader("ETag") or ""

    def cpu(self) -> float:
        """Seconds of CPU used so far, including those of replaced workers."""
        # For each process its own, and that of its children that have ended.
        fields = (_read(pid, "stat").rpartition(")")[2].split() for pid in self.pids())
        return sum(sum(map(int, given[11:15])) for given in fields) / _TICKS

    def memory(self) -> list[float]:
        """Megabytes (10⁶ bytes) of each worker: its own and its share of what it shares (PSS)."""
        return [_pss(pid) for pid in self.pids()[1:]]

    def pids(self) -> list[int]:
        """The process ids of the server, then of all its descendants."""
        found = [self.process.pid]
        for pid in found:
            found += map(int, _read(pid, f"task/{pid}/children").split())
        return found


@contextmanager
def running(contender: Contender, folder: Path) -> Iterator[Server]:
    """Serve until the block ends."""
    server = start(contender, folder)
    try:
        await_answer(server, contender.ready)
        yield server
    finally:
        stop(server)


def start(contender: Contender, folder: Path) -> Server:
    """Start a server, without waiting until it is ready."""
    port = _free_port()
    log = folder / f"{port}.log"
    environ = {name: text.replace("{port}", str(port)) for name, text in contender.environ.items()}
    with (Path(os.devnull) if contender.talks else log).open("wb") as output:
        process = subprocess.Popen(
            [word.replace("{port}", str(port)) for word in contender.command],
            cwd=contender.folder,
            env=os.environ | environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a process group of its own, to stop all of it at once
        )
    return Server(process, port, log)


def await_answer(server: Server, path: str) -> None:
    """Return as soon as `path` answers 200."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.get(path)[0] == 200:
                return
        except OSError:
            time.sleep(0.005)
    said = server.log.read_text()[-2000:] if server.log.exists() else ""
    raise RuntimeError(f"{server.process.args!r} does not answer. {said}")


def stop(server: Server) -> None:
    """Stop the server and any workers that it leaves running."""
    server.process.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.process.wait(15)
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _pss(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+)", _read(pid, "smaps_rollup"), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def _read(pid: int, name: str) -> str:
    """A file of a process in /proc; empty if the process has just ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
