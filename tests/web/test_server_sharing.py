"""Connections are shared out among the workers, however many come at once."""

from __future__ import annotations

import socket
from collections import Counter
from contextlib import ExitStack
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
        running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="2"),
        ExitStack() as clients,
    ):

        def knock() -> socket.socket:
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            return client

        taken: Counter[str] = Counter()
        wait_until(lambda: (taken.update([process_of(knock())]), len(taken))[1] == 2)  # both are there

        for client in [knock() for _ in range(40)]:
            taken[process_of(client)] += 1

    most, fewest = taken.values() if len(taken) == 2 else (0, 99)
    assert abs(most - fewest) <= 15


def process_of(client: socket.socket) -> str:
    """What the ids of one process have in common."""
    return client.recv(65_536).partition(b"x-request-id: req_")[2][:16].decode()
