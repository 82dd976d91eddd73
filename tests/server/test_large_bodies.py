"""Large bodies, as far as their resource takes them: they are files, and cost no memory and no thread."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.process import (
    CHUNKED,
    Gunicorn,
    answers,
    gunicorn,
    post,
    read_all,
    read_answer,
    refused,
    wait_until,
)

UNASKED = 262_144
BLOCK = 131_072
MB = 2**20
LIMIT = 64 * MB
TO = f"/upload?limit={LIMIT}"
CONTENT = os.urandom(MB)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    folder = tmp_path_factory.mktemp("bodies") / "bodies" / "of this server"
    environ = {"TEST_FOLDER": str(folder), "TEST_LARGE_BODIES": "5"}
    with gunicorn(tmp_path_factory.mktemp("server"), environ=environ) as server:
        yield server


def chunked(data: bytes, size: int) -> bytes:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("length", [UNASKED + 1, 3 * BLOCK - 1, 3 * BLOCK, 3 * BLOCK + 1, MB])
@pytest.mark.parametrize("step", [0, 1_000, 70_001, MB])
def test_a_large_body_is_a_file_of_all_its_bytes_and_another_request_may_follow(
    server: Gunicorn, length: int, step: int
):
    data = CONTENT[:length]
    first = post(f"Content-Length: {length}", path=TO, body=data)
    if step:
        first = post(CHUNKED, path=TO, body=chunked(data, step))

    one, other = answers(server.say(first + post("Content-Length: 2", "Connection: close", body=b"on")))

    assert one.json == {
        "is_file": True,
        "size": length,
        "length": str(length),
        "sha256": hashlib.sha256(data).hexdigest(),
        "first": data[0],
    }
    assert other.json["body"] == "on"
    wait_until(lambda: server.files() == [])


def test_a_small_body_stays_in_memory(server: Gunicorn):
    (answer,) = answers(
        server.say(post(f"Content-Length: {UNASKED}", "Connection: close", path=TO, body=bytes(UNASKED)))
    )

    assert (answer.json["is_file"], answer.json["size"]) == (False, UNASKED)


def test_a_client_of_http_1_0_may_send_a_large_body(server: Gunicorn):
    (answer,) = answers(server.say(post(f"Content-Length: {MB}", path=TO, body=CONTENT, version="1.0")))

    assert answer.json["sha256"] == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("framing", [CHUNKED, f"Content-Length: {MB}"])
def test_a_large_body_that_waits_for_100_continue_is_asked_for(server: Gunicorn, framing: str):
    body = chunked(CONTENT, 9_999) if framing is CHUNKED else CONTENT
    with server.connect() as client:
        client.sendall(post(framing, "Expect: 100-continue", path=TO))
        first = client.recv(100)
        client.sendall(body)
        answer = read_answer(client)

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.json["sha256"] == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize(
    "raw",
    [
        post("Content-Length: 500001"),
        post("Content-Length: 500001", "Expect: 100-continue"),
        post(CHUNKED, body=b"%x\r\n" % 500_001),
        post(CHUNKED, body=b"%x\r\n%b\r\n%x\r\n" % (UNASKED, bytes(UNASKED), 500_001 - UNASKED)),
        post(CHUNKED, body=b"%x\r\n%b\r\n%x\r\n" % (400_000, bytes(400_000), 100_001)),
    ],
)
def test_a_body_over_the_limit_of_its_resource_is_refused_when_it_says_so(server: Gunicorn, raw: bytes):
    raw = raw.replace(b"/echo", b"/upload?limit=500000", 1)

    (answer,) = answers(server.say(raw))

    assert (answer.status, answer.json["code"]) == (418, "body-too-large")
    wait_until(lambda: server.files() == [])


def test_a_client_that_sends_40_mb_to_a_resource_that_does_not_want_them_has_its_answer(server: Gunicorn):
    before = server.memory()

    (answer,) = answers(server.say(post(f"Content-Length: {40 * MB}", path="/unasked", body=CONTENT * 40)))

    assert answer.status == 401
    assert server.memory() < before + 2 * MB
    assert server.files() == []


def upload(server: Gunicorn, sent: bytes, found: list[str]) -> None:
    (answer,) = answers(server.say(sent))
    found.append(answer.json["sha256"])


def test_four_bodies_of_40_mb_at_once_take_no_memory(server: Gunicorn):
    data = CONTENT * 40
    whole = post(f"Content-Length: {len(data)}", "Connection: close", path=TO, body=data)
    pieces = post(CHUNKED, "Connection: close", path=TO, body=chunked(data, 50_000))
    found = list[str]()
    before = server.memory()

    clients = [threading.Thread(target=upload, args=(server, sent, found)) for sent in (whole, pieces) * 2]
    for client in clients:
        client.start()
    for client in clients:
        client.join()

    assert found == [hashlib.sha256(data).hexdigest()] * 4
    assert server.memory() < before + 8 * MB


def begin(server: Gunicorn, stack: contextlib.ExitStack, path: str = TO) -> socket.socket:
    """A client that has sent half of its body, of which a part is in a file."""
    before = len(server.files())
    client = stack.enter_context(server.connect())
    client.sendall(post(f"Content-Length: {MB}", path=path, body=CONTENT[: MB // 2]))
    wait_until(lambda: len(server.files()) > before)
    return client


def test_half_sent_bodies_hold_no_thread_and_their_files_have_no_name(tmp_path: Path):
    environ = {"TEST_FOLDER": str(tmp_path / "bodies"), "TEST_PACE_SECONDS": "60"}
    with gunicorn(tmp_path, environ=environ) as server, contextlib.ExitStack() as stack:
        slow = [begin(server, stack) for _ in range(4)]
        meanwhile = [server.get("/echo").status for _ in range(5)]
        names = list((tmp_path / "bodies").iterdir())
        for client in slow:
            client.sendall(CONTENT[MB // 2 :])
        ends = [read_answer(client).json["sha256"] for client in slow]

        assert meanwhile == [200] * 5
        assert names == []
        assert ends == [hashlib.sha256(CONTENT).hexdigest()] * 4


def test_the_file_of_a_client_that_leaves_in_the_middle_is_gone(server: Gunicorn):
    with contextlib.ExitStack() as stack:
        begin(server, stack)

    wait_until(lambda: server.files() == [])
    assert server.get("/echo").status == 200


def test_the_file_of_a_client_that_sends_too_slowly_is_gone(server: Gunicorn):
    with contextlib.ExitStack() as stack:
        (answer,) = answers(read_all(begin(server, stack)))

        assert (answer.status, answer.json["code"]) == (418, "request-timeout")
        wait_until(lambda: server.files() == [])


def test_a_body_that_ends_too_early_is_incomplete_and_its_file_gone(server: Gunicorn):
    raw = post(f"Content-Length: {MB}", path=TO, body=CONTENT[:-1])

    (answer,) = answers(server.say(raw, end=True))

    assert (answer.status, answer.json["code"]) == (418, "incomplete-body")
    wait_until(lambda: server.files() == [])


def test_there_are_only_so_many_large_bodies_at_once(tmp_path: Path):
    environ = {"TEST_FOLDER": str(tmp_path / "bodies"), "TEST_LARGE_BODIES": "2", "TEST_PACE_SECONDS": "60"}
    whole = post(f"Content-Length: {MB}", "Connection: close", path=TO, body=CONTENT)
    with gunicorn(tmp_path, environ=environ) as server, contextlib.ExitStack() as stack:
        first, _ = begin(server, stack), begin(server, stack)
        refused(server.say(whole), 503, "busy")
        first.close()
        wait_until(lambda: len(server.files()) == 1)

        (answer,) = answers(server.say(whole))

        assert answer.json["size"] == MB


def test_what_is_held_for_a_body_is_let_go_once_it_has_been_used_or_given_up(tmp_path: Path):
    environ = {"TEST_FOLDER": str(tmp_path / "bodies"), "TEST_LARGE_BODIES": "1", "TEST_PACE_SECONDS": "60"}
    held = tmp_path / "held"
    raw = post(f"Content-Length: {MB}", path=f"{TO}&hold={held}", body=CONTENT)

    def is_free() -> bool:
        with held.open("ab") as file, contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    with gunicorn(tmp_path, environ=environ) as server, server.connect() as used, server.connect() as left:
        used.sendall(raw)
        read_answer(used)
        wait_until(is_free)
        left.sendall(raw[:-1])
        wait_until(lambda: not is_free())
        left.close()
        wait_until(is_free)
        with contextlib.ExitStack() as stack:
            begin(server, stack)
            refused(server.say(raw), 503, "busy")
            wait_until(is_free)


def test_a_stopping_server_answers_a_half_sent_body(tmp_path: Path):
    environ = {"TEST_FOLDER": str(tmp_path / "bodies"), "TEST_PACE_SECONDS": "60"}
    with (
        gunicorn(tmp_path, environ=environ) as server,
        contextlib.ExitStack() as stack,
    ):
        client = begin(server, stack)
        server.process.send_signal(signal.SIGQUIT)

        (answer,) = answers(read_all(client))

        assert (answer.status, answer.json["code"]) == (408, "request-timeout")


def test_a_body_that_no_disk_takes_is_refused_and_the_server_goes_on(tmp_path: Path):
    (tmp_path / "bodies").touch()
    raw = post(f"Content-Length: {MB}", path=TO, body=CONTENT)
    with gunicorn(tmp_path, environ={"TEST_FOLDER": str(tmp_path / "bodies")}) as server:
        (answer,) = answers(server.say(raw))
        (unread,) = answers(server.say(raw.replace(b"/upload", b"/greedy", 1)))

        assert (answer.status, answer.json["code"]) == (418, "storage-unavailable")
        assert (unread.status, unread.json["code"]) == (503, "storage-unavailable")
        assert server.get("/echo").status == 200
