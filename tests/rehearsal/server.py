"""A rehearsal as its users start it, and a client of one of its sandboxes."""

from __future__ import annotations

import json as jsonlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 30


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return jsonlib.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


@dataclass(frozen=True)
class Sandbox:
    """A client that makes a connection for each request, so that workers share them."""

    port: int
    name: str | None = None
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def by(self, token: str) -> Sandbox:
        return replace(self, token=token)

    def called(self, name: str) -> Sandbox:
        return replace(self, name=name)

    def call(self, method: str, path: str, json: Any = None, **headers: str) -> Answer:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.name is not None:
            sent["Kiosque-Sandbox"] = self.name
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if json is not None:
            sent["Content-Type"] = "application/json"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, None if json is None else jsonlib.dumps(json), sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, json: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, json, **headers)

    def put(self, path: str, json: Any = None, **headers: str) -> Answer:
        return self.call("PUT", path, json, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", path, **headers)

    def someone(self, role: str = "customer") -> Sandbox:
        """A client of a new account."""
        return self.by(self.post("/rehearsal/accounts", {"role": role}).json["token"])

    def fail(self, path: str, *sequence: dict[str, Any], method: str | None = None) -> str:
        answer = self.post("/rehearsal/faults", {"path": path, "sequence": sequence, "method": method})
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

    def article(self, title: str, **publication: str) -> str:
        """The path of an article by this client, which is published now or later."""
        path = f"/v1/articles/{self.post('/v1/articles', {'title': title, 'body': 'Fog.'}).json['id']}"
        assert self.put(f"{path}/publication", publication).status == 200
        return path


@contextmanager
def rehearsal(*options: str, workers: int = 2, **settings: str) -> Iterator[dict[str, Any]]:
    """What the command prints when it is ready; it ends with the block."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KIOSQUE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "rehearse", "--bind", "127.0.0.1:0", *options],
        cwd=ROOT,
        env={**environ, "WEB_CONCURRENCY": str(workers), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield jsonlib.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0
