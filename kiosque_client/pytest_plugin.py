"""The fixtures of the pytest plugin, which every test run loads: it imports no more than a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kiosque_client.rehearsal import Rehearsal


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for a server that is already there, or for the one to start."""
    group = parser.getgroup("kiosque")
    group.addoption("--kiosque-url", metavar="URL", help="use the `kiosque rehearse` that runs there")
    group.addoption("--kiosque-secret", metavar="SECRET", help="the secret of that server, if it has one")
    group.addoption("--kiosque-seed", metavar="SEED", default="demo", help="demo, empty or a backup")


@pytest.fixture(scope="session")
def kiosque_server(pytestconfig: pytest.Config) -> Iterator[Rehearsal]:
    """A server for this process, so one for each worker of xdist; or a sandbox of that at --kiosque-url."""
    from kiosque_client.rehearsal import Rehearsal, serving

    url, seed, secret = (pytestconfig.getoption(f"--kiosque-{name}") for name in ("url", "seed", "secret"))
    if url is None:
        is_file = seed not in ("demo", "empty")
        with serving("--seed", str(pytestconfig.invocation_params.dir / seed) if is_file else seed) as own:
            yield Rehearsal(own)
        return
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "main")
    headers = {"Kiosque-Sandbox": worker} | ({"Kiosque-Rehearsal-Secret": secret} if secret else {})
    yield Rehearsal(url, headers=headers)


@pytest.fixture
def kiosque(kiosque_server: Rehearsal) -> Rehearsal:
    """A stranger's client of a server whose data, clock and faults are as they were at first."""
    kiosque_server.reset()
    return kiosque_server
