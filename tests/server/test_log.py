"""The server's own answers in the log and the metrics: one line each, with the keys of any other answer."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from api.web import logs
from tests.server.process import Gunicorn, answers, gunicorn, read_all, refused, wait_until
from tests.test_serving import free_port, running

LOGGING = {**logs.configuration(), "formatters": {"line": {"()": "api.web.logs.JsonFormatter"}}}
KEYS = {
    "request_id",
    "method",
    "route",
    "path",
    "query",
    "status",
    "duration_ms",
    "account",
    "code",
    "client",
}
ASKED = b"GET /echo/%C3%A9?token=hush&q=1 HTTP/1.1\r\n"
WHOLE = ASKED + b"Host: h\r\n"
READ = ("GET", "/echo/é", "token=[redacted]&q=1")

REFUSED = [
    (ASKED + b"\r\n", 400, "host-required", READ),
    (WHOLE + b"Host: i\r\n\r\n", 400, "bad-request", READ),
    (WHOLE + b"Content-Length: +1\r\n\r\n", 400, "bad-framing", READ),
    (WHOLE + b"Transfer-Encoding: chunked\r\n\r\nz\r\n", 400, "bad-framing", READ),
    (WHOLE + b"Transfer-Encoding: gzip\r\n\r\n", 501, "transfer-coding", READ),
    (WHOLE + b"Expect: other\r\n\r\n", 417, "expectation-failed", READ),
    (WHOLE + b"X: %b\r\n\r\n" % (b"y" * 9000), 431, "headers-too-large", READ),
    (WHOLE + b"X: \x00", 400, "bad-request", READ),
    (WHOLE, 408, "request-timeout", READ),
    (b"GET /secret?to", 408, "request-timeout", ("GET", "/secret", "to")),
    (b"GET /a#access_token=hush HTTP/1.1\r\n", 400, "bad-request", ("GET", "/a", "")),
    (b"GET http://ada:hush@h/a HTTP/1.1\r\nHost: h\r\n\r\n", 400, "host-invalid", ("GET", "/a", "")),
    (b"get /a HTTP/1.1\r\nHost: h\r\n\r\n", 400, "bad-request", ("get", "/a", "")),
    (b"POST /a", 408, "request-timeout", ("POST", "/a", "")),
    (b"BREW", 408, "request-timeout", (None, None, "")),
    (b"", 408, "request-timeout", (None, None, "")),
    (b"\x16\x03\x01\x02\x00\x01\x00", 400, "bad-request", (None, None, "")),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server"), logconfig_dict=LOGGING) as server:
        yield server


def lines(log: Path) -> list[dict[str, Any]]:
    """The access log: every line of the log is JSON, and a last one that is under way has no end yet."""
    whole = [json.loads(line) for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [line for line in whole if line["logger"] == "kiosque.access"]


def line_of(log: Path, request_id: str) -> dict[str, Any]:
    """The one line of a request."""
    wait_until(lambda: any(line["request_id"] == request_id for line in lines(log)))
    (line,) = [line for line in lines(log) if line["request_id"] == request_id]
    return line


@pytest.mark.parametrize(
    ("raw", "status", "code", "asked"), REFUSED, ids=[f"{n}-{row[2]}" for n, row in enumerate(REFUSED)]
)
def test_what_the_server_refuses_is_one_line_of_the_access_log(
    server: Gunicorn, raw: bytes, status: int, code: str, asked: tuple[str | None, ...]
):
    before = len(lines(server.log))

    answer = refused(server.say(raw), status, code)

    line = line_of(server.log, answer.json["request_id"])
    assert len(lines(server.log)) == before + 1
    assert set(line) == KEYS | {"time", "level", "logger", "message"}
    assert (line["status"], line["code"], line["client"]) == (status, code, "127.0.0.1")
    assert (line["method"], line["path"], line["query"]) == asked
    assert (line["route"], line["account"]) == (None, None)
    assert (line["duration_ms"] >= 1000) is (status == 408)
    assert "hush" not in server.log.read_text()


def test_a_path_without_end_is_cut_in_the_log_and_controls_are_escaped(server: Gunicorn):
    raw = b"GET /%1b[2J%c2%9b%e2%80%ae\xe9" + b"a" * 20_000

    answer = refused(server.say(raw), 414, "uri-too-long")

    path = line_of(server.log, answer.json["request_id"])["path"]
    assert path.startswith("/\x1b[2J\x9b\u202e\ufffdaaa")
    assert 8000 < len(path) <= 8190
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", server.log.read_text())


def test_a_request_that_fails_in_the_application_is_one_line(server: Gunicorn):
    raw = WHOLE.replace(b"/echo/", b"/raise/") + b"X-Request-ID: mine\r\n\r\n"

    answer = refused(server.say(raw), 500, "internal")

    assert answer.json["request_id"] == "mine"
    line = line_of(server.log, "mine")
    assert (line["method"], line["path"], line["code"]) == ("GET", "/raise/é", "internal")


def test_a_request_of_which_the_application_has_told_is_not_told_of_twice(server: Gunicorn):
    """Kiosque logs before it hands its answer over, and an answer with a control character cannot be sent."""
    raw = b"GET /header?value=a%%00 HTTP/1.1\r\nHost: h\r\nX-Request-ID: %b\r\n\r\n"

    refused(server.say(raw % b"told"), 500, "internal")
    refused(server.say(ASKED + b"X-Request-ID: after\r\n\r\n"), 400, "host-required")

    line_of(server.log, "after")
    assert "told" not in [line["request_id"] for line in lines(server.log)]


def test_a_refusal_of_head_has_its_line_and_no_body(server: Gunicorn):
    raw = server.say(b"HEAD /a HTTP/1.1\r\nX-Request-ID: head\r\n\r\n")

    assert raw.startswith(b"HTTP/1.1 400 ")
    assert raw.endswith(b"\r\n\r\n")
    assert line_of(server.log, "head")["method"] == "HEAD"


def test_connections_that_are_turned_away_have_their_lines(tmp_path: Path):
    with gunicorn(tmp_path, files=40, logconfig_dict=LOGGING) as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(60)]
        away = [raw for raw in map(read_all, clients[-5:]) if raw]

        line = line_of(server.log, refused(away[-1], 503, "busy").json["request_id"])

    assert (line["status"], line["method"], line["client"]) == (503, None, "127.0.0.1")


def test_the_running_server_logs_and_counts_both_kinds_of_answer_alike(tmp_path: Path):
    port = free_port()

    def say(raw: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(raw)
            return read_all(client)

    with running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="2"):
        for _ in range(3):
            say(b"GET /teapot HTTP/1.1\r\nX-Request-ID: bad\r\n\r\n")
        say(b"BREW /teapot HTTP/1.1\r\n\r\n")
        say(b"GET /teapot HTTP/1.1\r\nHost: h\r\nX-Request-ID: good\r\nConnection: close\r\n\r\n")
        (metrics,) = answers(say(b"GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))

    counted = 'kiosque_request_duration_seconds_count{method="%s",route="(server)",status="400"} %s'
    assert counted % ("GET", "3.0") in metrics.body.decode()
    assert counted % ("other", "1.0") in metrics.body.decode()
    of = {line["request_id"]: line for line in lines(tmp_path / "log")}
    assert set(of["good"]) == set(of["bad"]) - {"code", "client"}
    assert of["good"]["path"] == of["bad"]["path"] == "/teapot"
    assert [line["request_id"] for line in lines(tmp_path / "log")].count("bad") == 3


def test_the_line_for_people_has_a_place_for_what_is_not_known(caplog: pytest.LogCaptureFixture):
    with caplog.at_level("INFO", "kiosque.access"):
        logs.refused({}, request_id="r", status=408, code="request-timeout", seconds=10.0)
        logs.refused(
            {"REQUEST_METHOD": "GET", "RAW_URI": "/%1b[2J?a"}, request_id="r", status=400, code="x", seconds=0
        )

    unknown, known = [logs.ReadableFormatter().format(record) for record in caplog.records]
    assert unknown[10:] == "408  –      –  10000.0 ms  request-timeout"
    assert known[10:] == "400  GET    /\\u001b[2J?a  0 ms  x"
