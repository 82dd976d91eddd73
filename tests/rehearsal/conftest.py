"""One server for all tests of a worker, and for each test a sandbox of its own in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.rehearsal.server import Sandbox, rehearsal

_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[list[int]]:
    """The ports of a rehearsal of two workers."""
    with rehearsal("--sandboxes", "2") as ready:
        yield ready["ports"]


@pytest.fixture
def sandbox(server: list[int]) -> Sandbox:
    """A new sandbox."""
    return Sandbox(server[0], f"test-{next(_numbers)}")
