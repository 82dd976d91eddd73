"""Lanes: the queues in which requests wait for a thread, and whom a slow one cannot delay."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.server.process import Gunicorn, gunicorn, read_answer, wait_until


@contextlib.contextmanager
def waiting(server: Gunicorn, folder: Path, *, page: str = "wait", method: str = "GET") -> Iterator[None]:
    """A request that has its thread until the block ends, and is answered then."""
    begun, until = folder / "begun", folder / "until"
    with server.connect() as client:
        client.sendall(f"{method} /{page}?begun={begun}&until={until} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        wait_until(begun.exists)
        yield
        until.touch()
        assert read_answer(client).json == {"waited": True}


def test_a_slow_request_has_a_thread_of_its_own(tmp_path: Path):
    with gunicorn(tmp_path) as server, waiting(server, tmp_path, page="hold"):
        assert server.get("/echo").status == 200


def test_a_slower_request_delays_no_slow_one(tmp_path: Path):
    with gunicorn(tmp_path) as server, waiting(server, tmp_path, page="hold-later"):
        (tmp_path / "free").touch()
        assert server.get(f"/hold?begun={tmp_path / 'other'}&until={tmp_path / 'free'}").status == 200


def test_an_answer_at_once_needs_no_thread(tmp_path: Path):
    with gunicorn(tmp_path) as server, waiting(server, tmp_path):
        assert server.get("/at-once").status == 200


def test_writes_leave_a_thread_to_reads(tmp_path: Path):
    write = b"POST /echo HTTP/1.1\r\nHost: h\r\n\r\n"
    with gunicorn(tmp_path, threads=2) as server, server.connect() as second:
        with waiting(server, tmp_path, method="POST"):
            second.sendall(write)
            read = server.get("/calls")

        assert read.json["calls"] == 1
        assert read_answer(second).status == 200
