"""Slow clients: each is told or cut, and none takes anything from the others. The server has one thread."""

from __future__ import annotations

import contextlib
import time

import pytest

from tests.server.process import Gunicorn, answers, gunicorn, read_all, read_answer, refused, wait_until

HEAD = b"GET /echo HTTP/1.1\r\nHost: h\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.mark.parametrize("raw", [b"", b"G", HEAD, HEAD + b"X: y\r\n"])
def test_a_head_that_does_not_come_is_a_request_timeout(server: Gunicorn, raw: bytes):
    began = time.monotonic()

    refused(server.say(raw), 408, "request-timeout")

    assert 1.0 <= time.monotonic() - began < 3


def test_a_head_that_trickles_in_is_a_request_timeout(server: Gunicorn):
    with server.connect() as client:
        client.sendall(HEAD)
        began = time.monotonic()
        client.settimeout(0.05)
        raw = b""
        while not raw:
            client.sendall(b"X: y\r\n")
            with contextlib.suppress(TimeoutError):
                raw = client.recv(65_536)

    refused(raw, 408, "request-timeout")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("raw", [POST, POST + b"x" * 400])
def test_the_application_meets_a_body_that_is_too_slow_when_it_reads(server: Gunicorn, raw: bytes):
    (answer,) = answers(server.say(raw))
    (unasked,) = answers(server.say(raw.replace(b"/echo", b"/unasked")))

    assert (answer.status, answer.json["code"]) == (418, "request-timeout")
    assert answer.headers["connection"] == "close"
    assert unasked.status == 401


def test_a_body_that_keeps_its_pace_may_take_longer_than_one_span(server: Gunicorn):
    with server.connect() as client:
        client.sendall(POST)
        for _ in range(20):
            time.sleep(0.06)  # 100 bytes in 0.06 s: the pace is 1000 a second
            client.sendall(b"x" * 100)
        answer = read_answer(client)

    assert len(answer.json["body"]) == 2000


TOO_LARGE = b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n"


def test_a_client_on_a_slow_line_has_the_answer_to_a_body_too_large_when_it_has_sent_all(server: Gunicorn):
    with server.connect() as client:
        client.sendall(TOO_LARGE)
        for _ in range(20):
            time.sleep(0.06)
            client.sendall(b"x" * 200_000)
        (answer,) = answers(read_all(client))

    assert answer.json["code"] == "body-too-large"


@pytest.mark.parametrize("piece", [b"x", b"x" * 1000], ids=["too slowly", "for too long"])
def test_a_client_that_goes_on_after_its_answer_is_cut(server: Gunicorn, piece: bytes):
    with server.connect() as client, pytest.raises(OSError):  # noqa: PT012
        client.sendall(TOO_LARGE)
        for _ in range(150):
            time.sleep(0.06)
            client.sendall(piece)


def test_an_idle_connection_is_closed_without_a_word(server: Gunicorn):
    with server.connect() as client:
        client.sendall(HEAD + b"\r\n")
        read_answer(client)
        began = time.monotonic()
        rest = client.recv(100)

    assert rest == b""
    assert 0.8 < time.monotonic() - began < 3


def test_a_client_that_reads_nothing_is_cut_and_holds_no_thread(server: Gunicorn):
    before = server.get("/calls").json["closed"]
    with server.connect(receive_buffer=4096) as client:
        client.sendall(b"GET /stream?blocks=1000&size=100000 HTTP/1.1\r\nHost: h\r\n\r\n")
        meanwhile = server.get("/echo")
        wait_until(lambda: server.get("/calls").json["closed"] == before + 1)
        raw = read_all(client)

    assert meanwhile.status == 200
    assert len(raw) < 50_000_000


def test_a_client_that_reads_nothing_of_one_large_answer_is_cut(server: Gunicorn):
    with server.connect(receive_buffer=4096) as client:
        client.sendall(b"GET /stream?blocks=1&size=20000000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        time.sleep(1.5)
        raw = read_all(client)

    assert len(raw) < 20_000_000


def test_a_client_that_reads_slowly_gets_all_of_it(server: Gunicorn):
    with server.connect(receive_buffer=4096) as client:
        target = b"/stream?blocks=60&size=100000&length=6000000"
        client.sendall(b"GET %b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" % target)
        raw = bytearray()
        while piece := client.recv(30_000):
            raw += piece
            time.sleep(0.003)

    (answer,) = answers(bytes(raw))
    assert len(answer.body) == 6_000_000


@pytest.mark.parametrize(
    "raw", [b"", HEAD, POST, b"GET /stream?blocks=50&size=100000 HTTP/1.1\r\nHost: h\r\n\r\n"]
)
def test_200_slow_clients_leave_good_ones_unharmed(server: Gunicorn, raw: bytes):
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(server.connect(receive_buffer=4096)) for _ in range(200)]
        for client in slow:
            client.sendall(raw)

        slowest = 0.0
        for _ in range(200):
            began = time.monotonic()
            assert server.get("/echo").status == 200
            slowest = max(slowest, time.monotonic() - began)

    assert slowest < 3  # were they to hold the thread, each in turn, it would be 100
