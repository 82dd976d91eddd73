"""One load on a server: a run of wrk, and its figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Server

CONNECTIONS = 32
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """The figures of a server under load."""

    rate: float
    """Requests a second."""
    p50: float
    p99: float
    """Milliseconds."""
    cpu: float
    """Microseconds of the server's CPU per request."""
    broken: int
    """Connections that broke or timed out."""


def require_wrk() -> None:
    """Exit with an explanation if wrk is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("The bench asks with wrk, which is not there: apt-get install wrk")


def load(
    server: Server,
    path: str,
    *,
    seconds: int,
    headers: Mapping[str, str] | None = None,
    script: Path | None = None,
    arguments: Sequence[str] = (),
) -> Load:
    """Send requests as fast as answers come, on 32 open connections; RuntimeError if one fails."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    if script is not None:
        command += ["-s", str(script)]
    before = server.cpu()
    command += [f"http://127.0.0.1:{server.port}{path}", "--", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = server.cpu() - before
    if "Non-2xx" in said:
        raise RuntimeError(f"{path} of {server.process.args!r} was refused:\n{said}")
    requests = int(_find(r"(\d+) requests in", said)[0])
    errors = _find(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return Load(
        rate=float(_find(r"Requests/sec:\s+([\d.]+)", said)[0]),
        p50=_milliseconds("50", said),
        p99=_milliseconds("99", said),
        cpu=used / requests * 1e6 if requests else 0.0,
        broken=sum(map(int, errors)),
    )


def _find(pattern: str, said: str) -> tuple[str, ...]:
    found = re.search(pattern, said)
    return found.groups() if found else ()


def _milliseconds(percentile: str, said: str) -> float:
    number, unit = _find(rf"\s{percentile}%\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(number) * _UNITS[unit]
