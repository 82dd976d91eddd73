"""An old site that still serves its pictures, or does not, and the command that fetches them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from falcon.testing import TestClient

from api.imports.pictures import commands
from api.imports.pictures.network import Network
from api.webhooks.reaching import Reach
from tests.imports.blog import row
from tests.imports.running import bring_rows

HERE = "127.0.0.1"
PUBLIC = "https://kiosque.test/media/"
Answer = bytes | int | str | Callable[["OldSite"], None]


class OldSite(ThreadingHTTPServer):
    """By path: bytes (200), a status, an address (302), or whatever the function writes to the socket."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__((HERE, 0), _Handler)
        self.files: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.ended = threading.Event()

    def url(self, path: str = "") -> str:
        return f"http://{HERE}:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: OldSite

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        answer = self.server.files.get(self.path, 404)
        if callable(answer):
            answer(self)
            return
        status = answer if isinstance(answer, int) else 302 if isinstance(answer, str) else 200
        self.send_response(status)
        if isinstance(answer, str):
            self.send_header("Location", answer)
        body = answer if isinstance(answer, bytes) else b""
        self.send_header("Content-Type", "text/html")  # it is the bytes that count
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def old_site() -> Iterator[OldSite]:
    site = OldSite()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield site
    site.ended.set()
    site.shutdown()
    site.server_close()
    thread.join()


@pytest.fixture
def network() -> Network:
    """The network, in which the old site may have the address that it has here."""
    return Network(Reach({HERE}), seconds=10, silence=5)


@pytest.fixture
def fetch(db, settings, network, capsys):
    """`fetch()`: the exit code, the outcome of each address, and what is said besides."""

    def run(**options: Any) -> tuple[int, dict[str, str], str]:
        code = 0
        capsys.readouterr()
        place = None if "from_folder" in options else network
        try:
            commands.fetch(db, settings, **{"place": place} | options)
        except SystemExit as ended:
            code = ended.code
        out, err = capsys.readouterr()
        lines = (line.partition("  ") for line in out.splitlines())
        return code, {rest.split()[0]: outcome for outcome, _, rest in lines}, err

    return run


@pytest.fixture
def bring(db):
    """`bring(body="…")`: an article that an import has brought."""

    def brought(*rows: Any, **fields: Any) -> None:
        with db.write() as tx:
            bring_rows(tx, *(rows or [row(**fields)]), source="wordpress")

    return brought


@pytest.fixture
def owner(client_as: Callable[..., TestClient]) -> TestClient:
    return client_as("owner")


def body_of(client: TestClient) -> str:
    """The text of the article."""
    return str(client.simulate_get("/v1/articles/fog").json["body_html"])
