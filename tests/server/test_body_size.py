"""Large bodies: read only when the application asks for them, and refused beyond the limit."""

from __future__ import annotations

import pytest

from tests.server.process import CHUNKED, Gunicorn, answers, gunicorn, post, refused

UNASKED = 262_144
LIMIT = 3 * 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.mark.parametrize("length", [LIMIT, UNASKED + 1, UNASKED, 0])
def test_a_body_up_to_the_limit_is_passed_on_whole(server: Gunicorn, length: int):
    raw = post(f"Content-Length: {length}", "Connection: close", body=b"x" * length)

    (answer,) = answers(server.say(raw))

    assert len(answer.json["body"]) == length


TOO_LARGE = [
    post(f"Content-Length: {LIMIT + 1}", body=b"x" * (LIMIT + 1)),
    post(f"Content-Length: {LIMIT + 1}"),
    post(f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"),
    post(f"Content-Length: {'9' * 30}"),
    post(f"Content-Length: {'9' * 5000}"),
    post(CHUNKED, body=b"%x\r\n" % (LIMIT + 1)),
    post(CHUNKED, body=b"fffffffffffffff\r\n"),
    post(CHUNKED, body=(b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 97),
    post(CHUNKED, body=(b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 200),
]
LARGE = [
    post(f"Content-Length: {UNASKED + 1}"),
    post(CHUNKED, body=b"%x\r\n" % (UNASKED + 1)),
    post(CHUNKED, body=b"%x\r\n" % UNASKED + b"x" * UNASKED + b"\r\n1\r\n"),
]
"""Requests of which the last bytes never come."""


@pytest.mark.parametrize("raw", TOO_LARGE, ids=range(len(TOO_LARGE)))
def test_the_application_meets_a_body_too_large_when_it_reads_and_the_connection_ends(
    server: Gunicorn, raw: bytes
):
    (answer,) = answers(server.say(raw))

    assert (answer.status, answer.json["code"]) == (418, "body-too-large")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("raw", TOO_LARGE, ids=range(len(TOO_LARGE)))
def test_what_the_application_refuses_before_the_body_comes_first(server: Gunicorn, raw: bytes):
    (answer,) = answers(server.say(raw.replace(b"/echo", b"/unasked", 1)))

    assert answer.status == 401
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("raw", LARGE, ids=range(len(LARGE)))
def test_a_large_body_is_refused_without_being_read_when_the_application_does_not_ask_for_it(
    server: Gunicorn, raw: bytes
):
    (answer,) = answers(server.say(raw.replace(b"/echo", b"/unasked", 1)))

    assert answer.status == 401
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("end", [False, True])
@pytest.mark.parametrize("pieces", [[UNASKED + 1], [UNASKED, 1], [9, UNASKED, LIMIT - UNASKED - 9]])
def test_a_large_body_is_passed_on_whole_once_the_application_asks_for_it(
    server: Gunicorn, pieces: list[int], end: bool
):
    chunks = b"".join(b"%x\r\n%b\r\n" % (size, b"x" * size) for size in pieces) + b"0\r\n\r\n"

    sent = post(CHUNKED, *(["Connection: close"] if not end else []), body=chunks)
    (answer,) = answers(server.say(sent, end=end))

    assert len(answer.json["body"]) == sum(pieces)
    assert answer.json["CONTENT_LENGTH"] == str(sum(pieces))


def test_another_request_may_follow_a_large_body(server: Gunicorn):
    sent = post(f"Content-Length: {LIMIT}", body=b"x" * LIMIT)

    first, second = answers(server.say(sent + post("Content-Length: 2", "Connection: close", body=b"on")))

    assert (len(first.json["body"]), second.json["body"]) == (LIMIT, "on")


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (TOO_LARGE[0], 413, "body-too-large"),
        (post("Content-Length: 9", body=b"short"), 400, "incomplete-body"),
    ],
)
def test_an_application_that_lets_the_error_through_is_answered_for(
    server: Gunicorn, raw: bytes, status: int, code: str
):
    refused(server.say(raw.replace(b"/echo", b"/greedy", 1), end=True), status, code)
