"""Answers: how their end is found, how they are streamed, and what becomes of an application's mistakes."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.process import Gunicorn, answers, gunicorn, read_all, read_answer, refused, wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


def ask(target: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join((f"{method} {target} HTTP/{version}", "Host: h", *lines, "", "")).encode()


def test_an_answer_carries_a_date_once_and_no_server_version(server: Gunicorn):
    answer = server.get("/echo")
    own = server.get(f"/header?name=Date&value={quote('Sun, 06 Nov 1994 08:49:37 GMT')}")

    assert answer.names.count("date") == 1
    assert "server" not in answer.headers
    assert own.names.count("date") == 1
    assert own.headers["date"].startswith("Sun, 06 Nov 1994")


def test_a_connection_serves_many_requests_and_pipelined_ones_in_order(server: Gunicorn):
    with server.connect() as client:
        client.sendall(ask("/echo?1"))
        first = read_answer(client)
        client.sendall(
            b"".join(ask(f"/echo?{n}") for n in range(2, 30)) + ask("/echo?30", "Connection: close")
        )
        others = answers(read_all(client))

    assert "connection" not in first.headers
    assert [answer.json["QUERY_STRING"] for answer in (first, *others)] == [str(n) for n in range(1, 31)]
    assert others[-1].headers["connection"] == "close"


def test_what_follows_connection_close_is_not_answered(server: Gunicorn):
    assert len(answers(server.say(ask("/echo", "Connection: keep-alive, Close") + ask("/echo")))) == 1


def test_many_pipelined_requests_do_not_fill_memory_or_stop_the_others(server: Gunicorn):
    with server.connect() as client:
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.sendall(ask("/stream?blocks=1&size=100000") * 300_000)  # and read none of the answers
        answer = server.get("/echo")

    assert answer.status == 200


@pytest.mark.parametrize(("line", "kept"), [("Connection: keep-alive", True), ("X: y", False)])
def test_http_1_0_is_kept_open_only_when_it_asks(server: Gunicorn, line: str, kept: bool):
    raw = ask("/echo", line, version="1.0")

    with server.connect() as client:
        client.sendall(raw)
        answer = read_answer(client)

    assert answer.headers["connection"] == ("keep-alive" if kept else "close")


def test_head_has_the_length_of_get_and_no_body(server: Gunicorn):
    with server.connect() as client:
        client.sendall(ask("/status?line=200+OK", method="HEAD") + ask("/echo", "Connection: close"))
        raw = read_all(client)

    head, _, rest = raw.partition(b"\r\n\r\n")
    assert b"Content-Length: 5" in head
    assert rest.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("target", ["/stream?blocks=3&size=4", "/file?size=9"])
def test_head_of_a_stream_has_no_body(server: Gunicorn, target: str):
    before = server.get("/calls").json["closed"]

    raw = server.say(ask(target, "Connection: close", method="HEAD"))

    assert raw.endswith(b"\r\n\r\n")
    assert raw.count(b"\r\n\r\n") == 1
    assert b"chunked" not in raw
    if "stream" in target:
        assert server.get("/calls").json["closed"] == before + 1


@pytest.mark.parametrize("line", ["204 No Content", "304 Not Modified"])
def test_204_and_304_have_neither_body_nor_length(server: Gunicorn, line: str):
    with server.connect() as client:
        client.sendall(ask(f"/status?line={quote(line)}") + ask("/echo", "Connection: close"))
        first, second = answers(read_all(client))

    assert first.status == int(line[:3])
    assert "content-length" not in first.headers
    assert first.headers["etag"] == '"e"'
    assert second.status == 200


def test_a_stream_of_unknown_length_is_chunked(server: Gunicorn):
    answer = server.get("/stream?blocks=3&size=5")

    assert answer.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in answer.headers
    assert answer.body == b"x" * 15


def test_a_stream_of_unknown_length_ends_with_the_connection_in_http_1_0(server: Gunicorn):
    head, _, body = server.say(
        ask("/stream?blocks=3&size=5", "Connection: keep-alive", version="1.0")
    ).partition(b"\r\n\r\n")

    assert b"chunked" not in head
    assert b"Connection: close" in head
    assert body == b"x" * 15


def test_a_stream_of_known_length_is_sent_as_it_is_and_closed(server: Gunicorn):
    before = server.get("/calls").json["closed"]

    answer = server.get("/stream?blocks=40&size=100000&length=4000000")

    assert answer.headers["content-length"] == "4000000"
    assert answer.body == b"x" * 4_000_000
    wait_until(lambda: server.get("/calls").json["closed"] == before + 1)


def test_an_empty_stream_has_length_0(server: Gunicorn):
    answer = server.get("/stream?blocks=0&size=5")

    assert answer.headers["content-length"] == "0"


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
def test_a_file_is_streamed_whole(server: Gunicorn, size: int):
    assert server.get(f"/file?size={size}").body == b"f" * size


def test_a_file_longer_than_its_content_length_is_cut_there_and_the_connection_goes_on(server: Gunicorn):
    with server.connect() as client:
        client.sendall(ask("/file?size=200000&length=7"))
        first = read_answer(client)
        client.sendall(ask("/echo"))
        second = read_answer(client)

    assert first.body == b"f" * 7
    assert second.status == 200


def test_each_block_is_sent_before_the_next_is_made(server: Gunicorn, tmp_path: Path):
    begun, until = tmp_path / "begun", tmp_path / "until"
    with server.connect() as client:
        client.sendall(
            ask(f"/stream?blocks=2&size=3&pause=1&begun={begun}&until={until}", "Connection: close")
        )
        raw = b""
        while b"xxx" not in raw:
            raw += client.recv(1000)
        until.touch()
        raw += read_all(client)

    (answer,) = answers(raw)
    assert answer.body == b"xxxxxx"


@pytest.mark.parametrize(
    "target",
    ["/stream?blocks=4&size=9&fail=2", "/stream?blocks=4&size=9&fail=2&length=36", "/file?size=5&length=9"],
)
def test_a_stream_that_breaks_does_not_look_complete(server: Gunicorn, target: str):
    raw = server.say(ask(target))

    with pytest.raises((AssertionError, ValueError)):
        answers(raw)
    assert raw.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "target",
    [
        "/raise",
        "/exit",
        "/stream?blocks=4&size=9&fail=0",
        "/header?value=a%0d%0aX-Evil:%201",
        "/header?value=a%0aX-Evil:%201",
        "/header?value=a%00",
        "/header?value=%E2%82%AC",
        "/header?value=a&name=X%20Y",
        "/header?value=a&name=X%0d%0aY",
        "/header?value=-1&name=Content-Length",
        "/status?line=200%0d%0aX:%20y",
        "/status?line=100%20Continue",
        "/status?line=OK",
    ],
)
def test_an_application_that_fails_gets_a_500_in_its_place(server: Gunicorn, target: str):
    refused(server.say(ask(target)), 500, "internal")


def test_an_application_that_aborts_the_connection_gives_no_answer(server: Gunicorn):
    assert server.say(ask("/abort")) == b""
    assert server.get("/echo").status == 200


def test_the_trace_of_a_failure_is_in_the_log(server: Gunicorn):
    refused(server.say(ask("/raise/here")), 500, "internal")

    wait_until(lambda: "failed at /raise/here" in server.log.read_text())
    wait_until(lambda: "RuntimeError: on purpose" in server.log.read_text())


def test_the_application_cannot_frame_the_answer_itself(server: Gunicorn):
    chunked = server.get("/header?name=Transfer-Encoding&value=chunked")
    closing = server.get("/header?name=Connection&value=close")

    assert "transfer-encoding" not in chunked.headers
    assert chunked.body == b"hello"
    assert closing.names.count("connection") == 1


def test_the_write_callable_of_pep_3333_works(server: Gunicorn):
    assert server.get("/write").body == b"one two three"


def test_a_client_that_leaves_does_not_stop_the_others(server: Gunicorn):
    before = server.get("/calls").json["closed"]
    client = server.connect(receive_buffer=4096)
    client.sendall(ask("/stream?blocks=100000&size=100000"))
    client.recv(1000)

    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # a reset
    client.close()

    wait_until(lambda: server.get("/calls").json["closed"] == before + 1)
