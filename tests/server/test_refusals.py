"""Refusals: the policy learns of each once, with as much of the request as could be read."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.server.process import Gunicorn, answers, gunicorn, read_all, refused

LINE = b"GET /echo/%C3%A9?token=hush&q=1 HTTP/1.1\r\n"
HEAD = LINE + b"Host: h\r\n"
READ = ("GET", "/echo/%C3%A9?token=hush&q=1")

REFUSED = [
    (LINE + b"\r\n", 400, "host-required", READ),
    (HEAD + b"Host: i\r\n\r\n", 400, "bad-request", READ),
    (HEAD + b"Content-Length: +1\r\n\r\n", 400, "bad-framing", READ),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\nz\r\n", 400, "bad-framing", READ),
    (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 501, "transfer-coding", READ),
    (HEAD + b"Expect: other\r\n\r\n", 417, "expectation-failed", READ),
    (HEAD + b"X: %b\r\n\r\n" % (b"y" * 9000), 431, "headers-too-large", READ),
    (HEAD + b"X: \x00", 400, "bad-request", READ),
    (HEAD, 408, "request-timeout", READ),
    (b"GET /secret?to", 408, "request-timeout", ("GET", "/secret?to")),
    (b"GET /a#access_token=hush HTTP/1.1\r\n", 400, "bad-request", ("GET", "/a")),
    (b"get /a HTTP/1.1\r\nHost: h\r\n\r\n", 400, "bad-request", ("get", "/a")),
    (b"POST /a", 408, "request-timeout", ("POST", "/a")),
    (b"BREW", 408, "request-timeout", (None, None)),
    (b"", 408, "request-timeout", (None, None)),
    (b"\x16\x03\x01\x02\x00\x01\x00", 400, "bad-request", (None, None)),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.mark.parametrize(
    ("raw", "status", "code", "request_line"), REFUSED, ids=[f"{n}-{row[2]}" for n, row in enumerate(REFUSED)]
)
def test_a_refusal_names_what_was_read_of_the_request(
    server: Gunicorn, raw: bytes, status: int, code: str, request_line: tuple[str | None, ...]
):
    before = server.get("/calls").json["refusals"]

    report = refused(server.say(raw), status, code).json

    environ = report["environ"]
    assert (environ.get("REQUEST_METHOD"), environ.get("RAW_URI")) == request_line
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert (report["seconds"] >= 1) is (status == 408)
    assert not report["started"]
    assert server.get("/calls").json["refusals"] == before + 1


def test_a_request_line_without_end_is_cut(server: Gunicorn):
    report = refused(server.say(b"GET /" + b"a" * 20_000), 414, "uri-too-long").json

    assert len(report["environ"]["RAW_URI"]) == 8190 - len("GET ")


@pytest.mark.parametrize(
    ("target", "started"),
    [("/raise", False), ("/header?value=a%00", True), ("/stream?blocks=1&size=9&fail=0", True)],
)
def test_a_refusal_says_whether_the_application_had_started_to_answer(
    server: Gunicorn, target: str, started: bool
):
    report = refused(server.say(f"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n".encode()), 500, "internal").json

    assert report["started"] is started
    assert report["environ"]["PATH_INFO"] == target.partition("?")[0]


def test_a_refusal_of_head_has_no_body(server: Gunicorn):
    raw = server.say(b"HEAD /a HTTP/1.1\r\n\r\n")

    assert raw.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert raw.endswith(b"Connection: close\r\n\r\n")


def test_clients_that_are_turned_away_are_refused_by_their_address(tmp_path: Path):
    with gunicorn(tmp_path, files=40) as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(60)]
        away = [raw for raw in map(read_all, clients[-5:]) if raw]

        (answer,) = answers(away[-1])

    assert (answer.status, answer.json["environ"]) == (503, {"REMOTE_ADDR": "127.0.0.1"})
