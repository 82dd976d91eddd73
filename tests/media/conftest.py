"""Clients that upload, and what the store holds of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from api.media.files import store_of
from api.media.store import Store


@pytest.fixture
def author(client_as: Callable[..., TestClient]) -> TestClient:
    return client_as("author")


@pytest.fixture
def store(settings: Any) -> Store:
    return store_of(settings)


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
