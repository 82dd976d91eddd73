"""Kiosque's part in what its server handles by itself: a problem (contract 4.17), a log line, a count."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any, get_args

import pytest

from api.server import Code
from api.web import logs
from api.web.client_address import ClientNetworks
from api.web.metrics import Metrics
from api.web.server_policy import ERRORS, ServerPolicy
from tests.server.process import answers, read_all
from tests.test_serving import free_port, running

POST = {"REQUEST_METHOD": "POST", "PATH_INFO": "/v1/orders", "RAW_URI": "/v1/orders"}


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def policy(metrics: Metrics) -> ServerPolicy:
    return ServerPolicy(
        lambda _: False,
        {
            ("POST", "/v1/sessions"): "slow",
            ("POST", "/v1/accounts"): "slower",
            ("GET", "/v1/checks"): "slower",
        },
        metrics,
        ClientNetworks([]),
        "https://kiosque.test",
    )


@pytest.fixture
def access_log(caplog: pytest.LogCaptureFixture):
    """The lines so far, as they are written."""
    caplog.set_level("INFO", "kiosque.access")

    def lines() -> list[dict[str, Any]]:
        return [json.loads(logs.JsonFormatter().format(record)) for record in caplog.records]

    return lines


def test_every_reason_of_the_server_has_its_error():
    assert set(ERRORS) == set(get_args(Code))


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_a_refusal_is_a_problem_as_the_application_would_answer_it(policy: ServerPolicy, code: str):
    status, headers, body = policy.refuse(code, {}, seconds=0, started=False)

    problem = json.loads(body)
    assert (problem["status"], problem["code"], problem["type"]) == (
        status,
        code,
        f"https://kiosque.test/problems/{code}",
    )
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == headers["X-Request-ID"]
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert ("Retry-After" in headers) is (status == 503)


def test_a_refusal_has_the_clients_request_id_if_it_is_harmless(policy: ServerPolicy):
    ids = [
        policy.refuse("busy", {"HTTP_X_REQUEST_ID": sent}, seconds=0, started=False)[1]["X-Request-ID"]
        for sent in ("abc-1", "a b", "a" * 65)
    ]

    assert ids[0] == "abc-1"
    assert all(re.fullmatch(r"req_[0-9a-z]{26}", made) for made in ids[1:])


def test_a_refusal_is_one_line_of_the_access_log_without_secrets(policy: ServerPolicy, access_log):
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": "/a/%C3%A9?token=hush&q=1", "REMOTE_ADDR": "192.0.2.1"}

    _, headers, _ = policy.refuse("host-required", environ, seconds=1.5, started=False)

    (line,) = access_log()
    assert line["logger"] == "kiosque.access"
    assert line["request_id"] == headers["X-Request-ID"]
    assert (line["status"], line["code"], line["client"]) == (400, "host-required", "192.0.2.0/24")
    assert (line["method"], line["path"], line["query"]) == ("GET", "/a/é", "token=[redacted]&q=1")
    assert (line["route"], line["account"], line["duration_ms"]) == (None, None, 1500)


@pytest.mark.parametrize(
    ("target", "path"),
    [("http://ada:hush@h/a", "/a"), ("/%1b[2J%c2%9b%e2%80%ae\xe9", "/\x1b[2J\x9b\u202e\ufffd")],
)
def test_a_line_has_neither_passwords_nor_raw_control_characters(
    policy: ServerPolicy, access_log, caplog: pytest.LogCaptureFixture, target: str, path: str
):
    policy.refuse("host-invalid", {"REQUEST_METHOD": "GET", "RAW_URI": target}, seconds=0, started=False)

    assert [line["path"] for line in access_log()] == [path]
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", logs.JsonFormatter().format(caplog.records[0]))


def test_what_could_not_be_read_is_null_in_the_log(policy: ServerPolicy, access_log):
    policy.refuse("request-timeout", {}, seconds=10, started=False)

    (line,) = access_log()
    assert [line[name] for name in ("method", "path", "client")] == [None, None, "unknown"]


def test_an_answer_that_the_application_had_logged_is_not_logged_or_counted_twice(
    policy: ServerPolicy, metrics: Metrics, access_log
):
    policy.refuse("internal", dict(POST), seconds=0, started=True)

    assert access_log() == []
    assert "(server)" not in metrics.text().decode()


def test_a_failure_is_logged_under_the_id_of_its_answer(
    policy: ServerPolicy, caplog: pytest.LogCaptureFixture
):
    environ = dict(POST)

    policy.report_failure(RuntimeError("on purpose"), environ)
    _, headers, _ = policy.refuse("internal", environ, seconds=0, started=False)

    line = json.loads(logs.JsonFormatter().format(caplog.records[0]))
    assert line["request_id"] == headers["X-Request-ID"]
    assert (line["method"], line["path"]) == ("POST", "/v1/orders")
    assert "RuntimeError: on purpose" in line["trace"]


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", "/v1/orders", "read"),
        ("HEAD", "/v1/orders", "read"),
        ("POST", "/v1/orders", "write"),
        ("POST", "/v1/sessions", "slow"),
        ("POST", "/v1/accounts", "slower"),
        ("GET", "/v1/sessions", "read"),
        ("GET", "/v1/checks", "slower"),
        ("HEAD", "/v1/checks", "slower"),
    ],
)
def test_what_is_declared_slow_has_a_lane_of_its_own(policy: ServerPolicy, method: str, path: str, lane: str):
    assert policy.lane({"REQUEST_METHOD": method, "PATH_INFO": path}) == lane


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
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    of = {line["request_id"]: line for line in lines if line["logger"] == "kiosque.access"}
    assert set(of["good"]) == set(of["bad"]) - {"code"}
    assert of["good"]["path"] == of["bad"]["path"] == "/teapot"
    assert [line.get("request_id") for line in lines].count("bad") == 3


def test_the_line_for_people_has_a_place_for_what_is_not_known(caplog: pytest.LogCaptureFixture):
    with caplog.at_level("INFO", "kiosque.access"):
        logs.refused({}, request_id="r", status=408, code="request-timeout", seconds=10.0, client="unknown")
        logs.refused(
            {"REQUEST_METHOD": "GET", "RAW_URI": "/%1b[2J?a"},
            request_id="r",
            status=400,
            code="x",
            seconds=0,
            client="unknown",
        )

    unknown, known = [logs.ReadableFormatter().format(record) for record in caplog.records]
    assert unknown[10:] == "408  –      –  10000.0 ms  request-timeout"
    assert known[10:] == "400  GET    /\\u001b[2J?a  0 ms  x"


@pytest.mark.parametrize(
    "name", ["authorization", "PWD", "session", "code", "api-key", "refresh_token", "si%67"]
)
def test_what_is_secret_by_its_name_is_not_logged(name):
    assert logs.redacted(f"a=1&{name}=hunter2&b") == f"a=1&{name}=[redacted]&b"
