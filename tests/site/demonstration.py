"""A demonstration server for the tests of pages, and what happens behind the pages' back."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.server.process import ROOT, is_open

OWNER = {"email": "owner@kiosque.test", "password": "paper-lantern-42"}
SELLER = "Kiosque SARL\n12 quai du Port\nFR 12 345678901"
SECONDS = 15.0  # long enough for a loaded machine; nothing waits so long when all is well
STARTING = STOPPING = 60.0


@dataclass
class Demo:
    url: str
    log: Path

    def api(self, path: str, body: object = None, *, method: str | None = None, token: str = "") -> Any:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        request.data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request) as answer:
            content = answer.read()
            return json.loads(content) if content else None

    @property
    def owner(self) -> str:
        """A token of the owner."""
        return str(self.api("/v1/sessions", OWNER)["token"])

    def sign_up(self, password: str) -> str:
        """The e-mail of a new customer."""
        email = f"{uuid4().hex[:12]}@kiosque.test"
        self.api("/v1/accounts", {"email": email, "password": password, "name": "Ines"})
        return email

    def account(self, email: str) -> Any:
        (account,) = self.api(f"/v1/accounts?email={email}", token=self.owner)["data"]
        return account

    def mailed(self, kind: str, to: str) -> str:
        """The text of the latest mail of that kind to somebody, once it is written."""
        end, token = time.monotonic() + SECONDS, self.owner
        while time.monotonic() < end:
            for mail in self.api(f"/v1/mails?kind={kind}&to={to}&limit=1", token=token)["data"]:
                text = self.api(f"/v1/mails/{mail['id']}", token=token)["text"]
                if text:
                    return str(text)
            time.sleep(0.05)
        raise AssertionError(f"no {kind} was mailed to {to}")

    def link(self, kind: str, to: str) -> str:
        """The address in that mail, from the path on."""
        return re.search(rf"{self.url}(/\S+#token=[\w-]+)", self.mailed(kind, to))[1]


@contextlib.contextmanager
def demo_server(folder: Path, settings: dict[str, str]) -> Iterator[Demo]:
    """`kiosque serve --demo` on a free port; ends with 0, and without an error in its log, or fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("KIOSQUE_")}
    log = folder / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--demo"],
            cwd=ROOT,
            env=environ | settings | {"KIOSQUE_BIND": f"127.0.0.1:{port}"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + STARTING
        while not is_open(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, "it does not begin to listen"
            time.sleep(0.02)
        yield Demo(f"http://127.0.0.1:{port}", log)
    finally:
        process.terminate()
        code = process.wait(STOPPING)
    said = log.read_text()
    assert code == 0, said
    assert '"level":"error"' not in said, said
