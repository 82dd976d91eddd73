"""Places run out: whoever moves least makes room, so that the slow cannot keep others out."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server.process import Gunicorn, answers, gunicorn, read_all, read_answer

GET = b"GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n"
STREAM = b"GET /stream?blocks=1000&size=100000 HTTP/1.1\r\nHost: h\r\n\r\n"


def full_at(connections: int) -> dict[str, Any]:
    """Settings of a server with so many places, in which no client is cut for its pace alone."""
    return {"worker_connections": connections, "environ": {"TEST_PACE_SECONDS": "60"}}


def open_all(server: Gunicorn, stack: contextlib.ExitStack, raw: bytes, number: int) -> list[socket.socket]:
    clients = [stack.enter_context(server.connect(receive_buffer=4096)) for _ in range(number)]
    for client in clients:
        client.sendall(raw)
    return clients


@pytest.mark.parametrize("raw", [POST + b"x", POST.replace(b"close", b"keep-alive"), STREAM])
def test_a_newcomer_has_the_place_of_a_client_that_stands_still(tmp_path: Path, raw: bytes):
    with gunicorn(tmp_path, **full_at(5)) as server, contextlib.ExitStack() as stack:
        open_all(server, stack, raw, 5)

        newcomers = [server.get("/echo").status for _ in range(3)]

        assert newcomers == [200, 200, 200]


def test_a_client_whose_half_sent_body_makes_room_is_answered(tmp_path: Path):
    with gunicorn(tmp_path, **full_at(1)) as server, server.connect() as slow:
        slow.sendall(POST)

        newcomer = server.get("/echo")
        (answer,) = answers(read_all(slow))

        assert newcomer.status == 200
        assert (answer.status, answer.json["code"]) == (408, "request-timeout")


def send_on(client: socket.socket) -> None:
    client.sendall(b"x" * 500)


def read_on(client: socket.socket) -> None:
    assert client.recv(100_000)


@pytest.mark.parametrize(("raw", "move"), [(POST, send_on), (STREAM, read_on)])
@pytest.mark.parametrize("still", [POST, STREAM])
def test_a_client_that_moves_keeps_its_place_beside_one_that_does_not(
    tmp_path: Path, raw: bytes, move: Callable[[socket.socket], None], still: bytes
):
    with gunicorn(tmp_path, **full_at(2)) as server, contextlib.ExitStack() as stack:
        (moving,) = open_all(server, stack, raw, 1)
        open_all(server, stack, still, 1)
        for _ in range(3):
            newcomer = stack.enter_context(server.connect())
            newcomer.sendall(GET)
            while not select.select([newcomer], [], [], 0.01)[0]:
                move(moving)
            assert read_answer(newcomer).status == 200
            open_all(server, stack, still, 1)

        move(moving)
