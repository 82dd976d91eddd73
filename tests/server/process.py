"""A real gunicorn on a free port, and a client that says exactly what a test wants said."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 10.0  # long enough for a loaded machine; nothing waits so long when all is well
CHUNKED = "Transfer-Encoding: chunked"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    names: list[str] = field(default_factory=list)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Gunicorn:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def connect(self, *, receive_buffer: int = 0) -> socket.socket:
        client = socket.socket()
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(SECONDS)
        client.connect(("127.0.0.1", self.port))
        return client

    def say(self, data: bytes, *, end: bool = False) -> bytes:
        """Everything that comes back until the server ends its side."""
        with self.connect() as client:
            client.sendall(data)
            if end:
                client.shutdown(socket.SHUT_WR)
            return read_all(client)

    def get(self, target: str, **headers: str) -> Answer:
        fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        raw = self.say(f"GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{fields}\r\n".encode())
        (answer,) = answers(raw)
        return answer

    def calls(self) -> int:
        """How often the application has been called, these questions aside."""
        return int(self.get("/calls").json["calls"])

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def files(self) -> list[str]:
        """The files without a name that the only worker has open."""
        (worker,) = self.children()
        links = []
        for descriptor in Path(f"/proc/{worker}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                links.append(str(descriptor.readlink()))
        return [link for link in links if link.endswith("(deleted)") and "/bodies/" in link]

    def memory(self) -> int:
        """The most that the only worker has ever used, in bytes."""
        (worker,) = self.children()
        (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{worker}/status").read_text())
        return int(kilobytes) * 1024


@contextlib.contextmanager
def gunicorn(
    folder: Path,
    app: str = "tests.server.echo:app",
    *,
    files: int = 0,
    environ: dict[str, str] | None = None,
    **settings: object,
) -> Iterator[Gunicorn]:
    """gunicorn with one worker of one thread, unless `settings` say otherwise."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    lines = {
        "bind": f"127.0.0.1:{port}",
        "worker_class": "tests.server.echo.QuickWorker",
        "workers": 1,
        "threads": 1,
        "limit_request_line": 8190,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        "keepalive": 1,
        "graceful_timeout": 5,
        "control_socket_disable": True,
        **settings,
    }
    conf = folder / f"{port}.conf.py"
    conf.write_text("".join(f"{name} = {value!r}\n" for name, value in lines.items()))
    log = folder / f"{port}.log"

    def limit_files() -> None:
        if files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", str(conf), app],
            cwd=ROOT,
            env=os.environ | (environ or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=limit_files,
        )
    server = Gunicorn(port, process, log)
    try:
        wait_until(lambda: process.poll() is not None or (is_open(port) and server.children()))
        assert process.poll() is None, log.read_text()
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGQUIT)
        process.wait(SECONDS)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], object], *, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def post(*lines: str, body: bytes = b"", path: str = "/echo", version: str = "1.1") -> bytes:
    return "\r\n".join((f"POST {path} HTTP/{version}", "Host: h", *lines, "", "")).encode() + body


def read_all(client: socket.socket) -> bytes:
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65_536):
            received += piece
    return bytes(received)


def read_answer(client: socket.socket) -> Answer:
    """One answer with a Content-Length, from a connection that stays open."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = client.recv(65_536)
        assert piece, f"closed after {received!r}"
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    answer = _head(head)
    length = int(answer.headers.get("content-length", "0"))
    while len(body) < length:
        piece = client.recv(65_536)
        assert piece, "closed in the middle of a body"
        body += piece
    assert len(body) == length, "more than one answer"
    answer.body = body
    return answer


def answers(raw: bytes) -> list[Answer]:
    """Every answer in `raw`, each framed by its Content-Length, or chunked."""
    found = []
    while raw:
        head, separator, raw = raw.partition(b"\r\n\r\n")
        assert separator, f"cut: {head!r}"
        answer = _head(head)
        if "chunked" in answer.headers.get("transfer-encoding", ""):
            answer.body, raw = _chunks(raw)
        else:
            length = int(answer.headers.get("content-length", "0"))
            assert len(raw) >= length, "cut body"
            answer.body, raw = raw[:length], raw[length:]
        found.append(answer)
    return found


def refused(raw: bytes, status: int, code: str) -> Answer:
    """`raw` is exactly one answer of the policy, after which the connection ends."""
    (answer,) = answers(raw)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert (answer.headers["x-code"], answer.headers["content-type"]) == (code, "application/json")
    assert answer.headers["connection"] == "close"
    assert answer.headers["date"].endswith("GMT")
    assert not set(answer.headers) - {"x-code", "content-type", "content-length", "connection", "date"}
    return answer


def _head(head: bytes) -> Answer:
    line, *lines = head.decode("latin-1").split("\r\n")
    assert line.startswith("HTTP/1.1 "), line
    pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    return Answer(int(line.split()[1]), dict(pairs), b"", [name for name, _ in pairs])


def _chunks(raw: bytes) -> tuple[bytes, bytes]:
    body = b""
    while True:
        size, separator, raw = raw.partition(b"\r\n")
        assert separator, "cut chunk"
        length = int(size, 16)
        body, ending, raw = body + raw[:length], raw[length : length + 2], raw[length + 2 :]
        assert ending == b"\r\n"
        if not length:
            return body, raw
