"""The workers of a running server: connections and cores are shared out among them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.server.process import wait_until
from tests.test_serving import PATIENCE, free_port, running


def test_a_burst_of_kept_connections_is_shared_by_all_workers(tmp_path: Path):
    port = free_port()
    with (
        running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="2"),
        ExitStack() as clients,
    ):

        def knock() -> socket.socket:
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            return client

        def burst() -> int:
            """The connections of the worker that got fewer of 40."""
            taken = Counter(process_of(client) for client in [knock() for _ in range(40)])
            return min(taken.values()) if len(taken) == 2 else 0

        processes: set[str] = set()
        wait_until(lambda: (processes.add(process_of(knock())), len(processes))[1] == 2)  # both are there

        # Half only where both have a core to themselves; on a busy machine one may sleep through a burst.
        assert any(burst() >= 5 for _ in range(6))


@pytest.fixture
def cores() -> Iterator[set[int]]:
    """Two of them, for us and whom we start."""
    if not hasattr(os, "sched_setaffinity") or len(before := os.sched_getaffinity(0)) < 2:
        pytest.skip("needs Linux and two cores")
    two = set(sorted(before)[:2])
    os.sched_setaffinity(0, two)
    yield two
    os.sched_setaffinity(0, before)


def test_with_a_worker_for_every_core_each_keeps_to_its_own(tmp_path: Path, cores: set[int]):
    with running("api", "serve", folder=tmp_path, port=free_port(), WEB_CONCURRENCY="2") as server:
        wait_until(lambda: places(server) == [{core} for core in sorted(cores)])
        killed = children(server)[0]

        os.kill(killed, signal.SIGKILL)

        wait_until(lambda: killed not in children(server))
        wait_until(lambda: places(server) == [{core} for core in sorted(cores)])


def test_with_fewer_workers_than_cores_they_run_where_there_is_room(tmp_path: Path, cores: set[int]):
    with running("api", "serve", folder=tmp_path, port=free_port(), WEB_CONCURRENCY="1") as server:
        found = places(server)

    assert found == [cores]


def children(server: subprocess.Popen[str]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def places(server: subprocess.Popen[str]) -> list[set[int]]:
    """The cores of each worker, the lowest first."""
    found = []
    for pid in children(server):
        with suppress(ProcessLookupError):  # it has ended meanwhile
            found.append(os.sched_getaffinity(pid))
    return sorted(found, key=sorted)


def process_of(client: socket.socket) -> str:
    """What the ids of one process have in common."""
    return client.recv(65_536).partition(b"x-request-id: req_")[2][:16].decode()
