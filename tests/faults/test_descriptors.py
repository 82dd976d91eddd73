"""Workers that can open nothing more: some are turned away, and nobody is told what is not so.

What the server itself does then is in tests/web/test_server_lifecycle.py.
"""

from __future__ import annotations

import resource
import socket
from contextlib import ExitStack, contextmanager
from pathlib import Path

SPARE = 3
CROWD = 40


@contextmanager
def exhausted(pids):
    """Each may open hardly anything more than it has open."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in pids}
    for pid, (_, hard) in before.items():
        newest = max(int(file.name) for file in Path(f"/proc/{pid}/fd").iterdir())
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (newest + 1 + SPARE, hard))
    yield
    for pid, limits in before.items():
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


@contextmanager
def crowd(port):
    """Clients that ask for nothing, and stay."""
    with ExitStack() as stack:
        for _ in range(CROWD):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            client.sendall(b"GET /v1/items/mug HTTP/1.1\r\n")
        yield


def test_workers_without_descriptors_refuse_and_are_back_when_there_are_some(open_shop, url):
    with open_shop(url=url, answers_within=5) as shop:
        workers = shop.server.workers()
        with exhausted(workers), crowd(shop.server.port):
            shop.refuses()
        shop.is_back()

        assert shop.server.workers() == workers
    assert {told[:3] for told in shop.not_shown} <= {"503", "no "}
