"""Clients that upload, and what the store holds of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.media.files import store_of
from api.media.store import Store
from api.storage import Database
from tests.media import buckets


@pytest.fixture
def author(client_as: Callable[..., TestClient]) -> TestClient:
    return client_as("author")


@pytest.fixture
def store(settings: Any, db: Database) -> Store:
    return store_of(settings, db)


@pytest.fixture(scope="module")
def s3(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a server that speaks S3."""
    kind = getattr(request, "param", "moto")
    with buckets.running(kind, tmp_path_factory.mktemp("buckets")) as origin:
        yield origin


@pytest.fixture
def bucket_url(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The KIOSQUE_MEDIA_URL of an empty bucket, to which the environment has the credentials."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in buckets.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return buckets.new_bucket(s3)


on_both = pytest.mark.parametrize("s3", ["moto", "localbucket"], indirect=True)
"""On two servers, so that nothing relies on what only one of them knows."""


def upload(
    client: TestClient,
    content: bytes,
    type: str = "image/jpeg",
    *,
    filename: str = "boat.jpg",
    **headers: str,
) -> Result:
    """Whatever comes of it."""
    sent = {"Content-Type": type} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.simulate_post("/v1/media", params={"filename": filename}, body=content, headers=sent)


def uploaded(client: TestClient, content: bytes, type: str = "image/jpeg", **others: str) -> dict[str, Any]:
    """The new medium."""
    answer = upload(client, content, type, **others)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def path_of(url: str) -> str:
    """The path of a public file at the server of the tests."""
    return url.removeprefix("https://kiosque.test")
