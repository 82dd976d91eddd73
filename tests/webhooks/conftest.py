"""Fixtures: a real receiver, which answers as it is told and remembers what it got."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.jobs.worker import Worker
from api.tasks import tasks
from api.webhooks import rules
from api.webhooks.records import WebhookDraft
from tests.webhooks.posting import INSIDE

Talk = Callable[[Any], None]
"""Answers a request on its socket."""
Start = Callable[..., "Receiver"]
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


class Receiver:
    """An HTTP server of one answer at a time: the bytes in `answer`, or whatever the function does.

    A mute one reads and says nothing.
    """

    def __init__(self, answer: bytes | Talk, context: ssl.SSLContext | None, mute: bool) -> None:
        self.answer = answer
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.connections = 0
        self._context = context
        self._mute = mute
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.stopped = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"{'https' if self._context else 'http'}://{host}:{self.port}{path}"

    def stop(self) -> None:
        self.stopped.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            try:
                with connection:
                    self._serve(connection)
            except OSError:  # the client has gone
                pass

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        if self._mute:
            while connection.recv(1_000):
                pass
            return
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as stream:
            line = stream.readline().decode()
            headers = {}
            while name := stream.readline().decode().strip():
                key, _, value = name.partition(": ")
                headers[key.lower()] = value
            body = stream.read(int(headers.get("content-length", 0)))
            self.taken.append((line.strip(), headers, body))
            if callable(self.answer):
                self.answer(connection)
            else:
                connection.sendall(self.answer)


@pytest.fixture
def start() -> Iterator[Start]:
    receivers: list[Receiver] = []

    def begin(
        answer: bytes | Talk = TAKEN, context: ssl.SSLContext | None = None, *, mute: bool = False
    ) -> Receiver:
        receiver = Receiver(answer, context, mute)
        receivers.append(receiver)
        return receiver

    yield begin
    for receiver in receivers:
        receiver.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for hooks.test alone, and its key."""
    folder = tmp_path_factory.mktemp("hooks")
    subject = ["-subj", "/CN=hooks.test", "-addext", "subjectAltName=DNS:hooks.test", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def work(db, settings):
    """Do everything that is due."""
    worker = Worker(db, tasks(db, replace(settings, webhook_inside=INSIDE)))
    return worker.until_idle


@pytest.fixture
def receiver(start):
    return start()


@pytest.fixture
def webhook(db, receiver):
    with db.write() as tx:
        return rules.create(tx, WebhookDraft(url=receiver.url(), events=("account.*",)), inside=INSIDE)
