"""One server for each worker of the tests, and a stricter one that answers for one host and one origin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.contract.client import Client
from tests.contract.server import World, running


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def world(
    database: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, worker_id: str
) -> Iterator[World]:
    with ExitStack() as stack:
        environ = {}
        if database == "postgresql":
            server = request.getfixturevalue("postgres")
            environ["KIOSQUE_DATABASE_URL"] = stack.enter_context(server.database(f"contract_{worker_id}"))
        yield stack.enter_context(running(tmp_path_factory.mktemp("server"), **environ))


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """With KIOSQUE_HOSTS and KIOSQUE_CORS_ORIGINS."""
    with running(
        tmp_path_factory.mktemp("strict"),
        KIOSQUE_HOSTS="kiosque.test",
        KIOSQUE_CORS_ORIGINS="https://friend.test",
        WEB_CONCURRENCY="1",
    ) as world:
        yield world


@pytest.fixture
def stranger(world: World) -> Client:
    return world.stranger


@pytest.fixture
def owner(world: World) -> Client:
    return world.client("owner")


@pytest.fixture(scope="session")
def document(world: World) -> dict[str, Any]:
    """What the server says of itself."""
    return dict(world.stranger.get("/openapi.json").json)
