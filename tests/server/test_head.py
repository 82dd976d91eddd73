"""Request heads: what is refused before the application is asked, and what it sees of the rest."""

from __future__ import annotations

import pytest

from tests.server.process import Gunicorn, answers, gunicorn, refused


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


def get(*lines: str, line: str = "GET /echo HTTP/1.1") -> bytes:
    return "\r\n".join((line, *lines, "", "")).encode("latin-1")


REFUSED = [
    ("no-host", get(), 400, "host-required"),
    ("no-host-absolute", get(line="GET http://h/ HTTP/1.1"), 400, "host-required"),
    *(
        (f"host {host!r}", get(f"Host: {host}"), 400, "host-invalid")
        for host in ("", "a b", "a/b", "b/../", "u@h", "h:x", "h:70000", "h:1:2", "[::1", "a,b", "h:-1", "é")
    ),
    ("absolute-bad-host", get("Host: h", line="GET http://u@h/ HTTP/1.1"), 400, "host-invalid"),
    ("absolute-no-host", get("Host: h", line="GET http:///x HTTP/1.1"), 400, "host-invalid"),
    *(
        (f"line {line!r}", get("Host: h", line=line), 400, "bad-request")
        for line in (
            "get / HTTP/1.1",
            "Get / HTTP/1.1",
            "G\x00T / HTTP/1.1",
            "G(T / HTTP/1.1",
            "GET  / HTTP/1.1",
            " GET / HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET /",
            "GET",
            "GET / HTTP/2.0",
            "GET / HTTP/0.9",
            "GET / HTTP/1.10",
            "GET / http/1.1",
            "GET / HTTPS/1.1",
            "GET /a\x00b HTTP/1.1",
            "GET /a\x7fb HTTP/1.1",
            "GET /a\tb HTTP/1.1",
            "GET /\xff HTTP/1.1",
            "GET /a#b HTTP/1.1",
            "GET a HTTP/1.1",
            "GET * HTTP/1.1",
            "GET ftp://h/ HTTP/1.1",
            "GET /a\rb HTTP/1.1",
            "CONNECT /a HTTP/1.1",
        )
    ),
    *(
        (f"header {line!r}", get("Host: h", line), 400, "bad-request")
        for line in (
            "X : b",
            " X: b",
            "X\t: b",
            "X: a\r\n b",
            "X: a\r\n\tb",
            "X: a\x00b",
            "X: a\x0bb",
            "X: a\x7fb",
            "X: a\rb",
            "X: a\nb",
            "X\x00: b",
            "X",
            ": b",
            "X(y): b",
            "é: b",
            "Host: h",
            "host: other",
            "Content-Type: a/b\r\nContent-Type: c/d",
        )
    ),
    ("bare-lf", b"GET / HTTP/1.1\nHost: h\n\n", 400, "bad-request"),
    ("bare-lf-between", b"GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400, "bad-request"),
    ("http-0.9", b"GET /\r\n", 400, "bad-request"),
    ("http-2-preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad-request"),
    ("tls", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x01" * 40, 400, "bad-request"),
    ("long-target", get("Host: h", line=f"GET /{'a' * 8190} HTTP/1.1"), 414, "uri-too-long"),
    ("endless-target", b"GET /" + b"a" * 9000, 414, "uri-too-long"),
    ("long-header", get("Host: h", "X: " + "a" * 8190), 431, "headers-too-large"),
    ("endless-header", b"GET / HTTP/1.1\r\nX: " + b"a" * 9000, 431, "headers-too-large"),
    ("many-headers", get("Host: h", *(f"X-{n}: y" for n in range(64))), 431, "headers-too-large"),
    ("large-head", get("Host: h", *(f"X-{n}: {'y' * 8000}" for n in range(10))), 431, "headers-too-large"),
    ("expect-other", get("Host: h", "Expect: other"), 417, "expectation-failed"),
    ("expect-both", get("Host: h", "Expect: 100-continue, other"), 417, "expectation-failed"),
]


@pytest.mark.parametrize(("raw", "status", "code"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_malformed_head_gets_one_problem_and_the_end_of_the_connection(
    server: Gunicorn, raw: bytes, status: int, code: str
):
    before = server.calls()

    refused(server.say(raw), status, code)

    assert server.calls() == before


@pytest.mark.parametrize("step", [1, 7])
def test_a_head_may_come_in_any_pieces(server: Gunicorn, step: int):
    raw = get("Host: h", "X: " + "a" * 50, "Connection: close")

    with server.connect() as client:
        for at in range(0, len(raw), step):
            client.sendall(raw[at : at + step])
        answer = client.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "host",
    ["h", "H.example", "h:80", "h:", "127.0.0.1:8000", "[::1]", "[::1]:80", "a_b.local", "xn--bcher-kva"],
)
def test_a_valid_host_reaches_the_application_as_it_is(server: Gunicorn, host: str):
    (answer,) = answers(server.say(get(f"Host: {host}", "Connection: close")))

    assert answer.json["HTTP_HOST"] == host


def test_http_1_0_needs_no_host(server: Gunicorn):
    (answer,) = answers(server.say(get(line="GET /echo HTTP/1.0")))

    assert answer.status == 200
    assert answer.json["SERVER_PROTOCOL"] == "HTTP/1.0"


@pytest.mark.parametrize(
    ("line", "path", "query", "host"),
    [
        ("GET /a%20b/%C3%A9?x=%20&y HTTP/1.1", "/a b/\xc3\xa9", "x=%20&y", "h"),
        ("GET /a%00%2f%zz HTTP/1.1", "/a\x00/%zz", "", "h"),
        ("GET //a/../b HTTP/1.1", "//a/../b", "", "h"),
        ("GET http://other:81/a?b HTTP/1.1", "/a", "b", "other:81"),
        ("GET HTTP://other HTTP/1.1", "/", "", "other"),
        ("GET http://other?b=c HTTP/1.1", "/", "b=c", "other"),
        ("OPTIONS * HTTP/1.1", "*", "", "h"),
        ("OPTIONS http://other HTTP/1.1", "*", "", "other"),
        ("CONNECT other:443 HTTP/1.1", "", "", "h"),
        ("BREW /echo HTTP/1.1", "/echo", "", "h"),
        ("GET /echo HTTP/1.9", "/echo", "", "h"),
    ],
)
def test_each_form_of_target_is_read_as_rfc_9112_says(
    server: Gunicorn, line: str, path: str, query: str, host: str
):
    (answer,) = answers(server.say(get("Host: h", "Connection: close", line=line)))

    told = answer.json
    assert (told["PATH_INFO"], told["QUERY_STRING"], told["HTTP_HOST"]) == (path, query, host)
    assert told["RAW_URI"] == line.split()[1]
    assert told["SCRIPT_NAME"] == ""


def test_no_header_passes_for_a_variable_of_the_server(server: Gunicorn):
    lines = (
        "SCRIPT_NAME: /echo",
        "Script_Name: /x",
        "X_A: 1",
        "REMOTE_ADDR: 9.9.9.9",
        "Remote-Addr: 9.9.9.9",
    )

    (answer,) = answers(server.say(get("Host: h", "Connection: close", *lines)))

    told = answer.json
    assert told["SCRIPT_NAME"] == ""
    assert told["REMOTE_ADDR"] == "127.0.0.1"
    assert told["SERVER_PORT"] == str(server.port)
    assert "HTTP_X_A" not in told
    assert told["HTTP_REMOTE_ADDR"] == "9.9.9.9"


def test_repeated_headers_are_joined(server: Gunicorn):
    lines = ("Idempotency-Key: a", "Authorization: Bearer x", "idempotency-key:b", "Authorization: Bearer y")

    (answer,) = answers(server.say(get("Host: h", "Connection: close", *lines)))

    assert answer.json["HTTP_IDEMPOTENCY_KEY"] == "a, b"
    assert answer.json["HTTP_AUTHORIZATION"] == "Bearer x, Bearer y"


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "anything/7"])
def test_an_upgrade_is_ignored(server: Gunicorn, upgrade: str):
    lines = ("Connection: Upgrade, close", f"Upgrade: {upgrade}", "Sec-WebSocket-Version: 13")

    (answer,) = answers(server.say(get("Host: h", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *lines)))

    assert answer.status == 200


def test_an_empty_line_before_the_request_is_ignored(server: Gunicorn):
    (answer,) = answers(server.say(b"\r\n" + get("Host: h", "Connection: close")))

    assert answer.status == 200


def test_the_largest_head_within_limits_is_served(server: Gunicorn):
    line = f"GET /{'a' * (8190 - len('GET / HTTP/1.1'))} HTTP/1.1"
    lines = ("Host: h", "Connection: close", "X: " + "a" * 8187, *(f"X-{n}: y" for n in range(61)))

    (answer,) = answers(server.say(get(*lines, line=line)))

    assert answer.status == 200


def test_a_refused_head_request_has_no_body(server: Gunicorn):
    head, _, body = server.say(get(line="HEAD / HTTP/1.1")).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert body == b""
