"""Whoever sends files to import, and the worker that imports them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.imports.uploads.folder import Folder, folder_of
from api.imports.uploads.processes import Importer
from tests.imports.wxr import HEAD, TAIL, post

BLOG = HEAD + "".join(post(n, inside=f"<title>Fog {n}</title>") for n in (1, 2, 3)) + TAIL
TABLE = b"SKU,Name,Regular price\nmug,Mug,9.50\n"


@pytest.fixture
def owner(client_as: Callable[..., TestClient]) -> TestClient:
    return client_as("owner")


@pytest.fixture
def folder(settings: Any) -> Folder:
    return folder_of(settings)


@pytest.fixture
def importer(db: Any, settings: Any) -> Importer:
    """What a worker does, in this process."""
    return Importer(db, settings, apart=False)


def send(client: TestClient, content: str | bytes = BLOG, query: str = "", **headers: str) -> Result:
    sent = {"Content-Type": "text/xml"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.simulate_post("/v1/imports", query_string=query, body=content, headers=sent)


@pytest.fixture
def ended(owner: TestClient, importer: Importer) -> Callable[..., dict[str, Any]]:
    """`ended(content, query)`: send a file, let it be imported, and see what has become of it."""

    def one(content: str | bytes = BLOG, query: str = "") -> dict[str, Any]:
        where = send(owner, content, query).headers["Location"]
        while importer.act():
            pass
        return dict(owner.simulate_get(where).json)

    return one
