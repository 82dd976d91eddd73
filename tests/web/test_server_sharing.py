"""Connections are shared out among the workers, however many come at once."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from pathlib import Path

from api.web.server.sharing import Share
from tests.test_serving import PATIENCE, free_port, running
from tests.web.server_process import wait_until


def test_who_has_more_by_two_is_ahead():
    first, second = Share(200), Share(201)
    first.tell(3)
    second.tell(1)

    assert (first.is_ahead(3), first.is_ahead(2), second.is_ahead(1)) == (True, False, False)

    second.leave()
    assert not first.is_ahead(3)
    first.leave()


def test_a_worker_without_a_slot_takes_what_comes():
    assert not Share(None).is_ahead(1_000)


def test_a_burst_of_kept_connections_is_shared_by_all_workers(tmp_path: Path):
    port = free_port()
    with (
        running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="2") as server,
        ExitStack() as clients,
    ):
        # One that listens, and two of the event loop: then a worker takes connections.
        wait_until(lambda: [sockets(pid) >= 3 for pid in children(server.pid)] == [True, True])
        before = {pid: sockets(pid) for pid in children(server.pid)}

        opened = [
            clients.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE)) for _ in range(40)
        ]
        for connection in opened:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        for connection in opened:
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")

        taken = [sockets(pid) - count for pid, count in before.items()]

    assert sum(taken) == 40
    assert min(taken) >= 15


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def sockets(pid: int) -> int:
    """How many sockets a process has open."""
    found = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            found += str(descriptor.readlink()).startswith("socket:")
    return found
