"""Expect: 100-continue, for clients that wait until the application wants their body."""

from __future__ import annotations

import pytest

from tests.server.process import CHUNKED, Gunicorn, answers, gunicorn, post, read_answer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


def test_100_continue_is_sent_when_the_application_reads(server: Gunicorn):
    with server.connect() as client:
        client.sendall(post("Content-Length: 5", "Expect: 100-continue"))
        first = client.recv(100)
        client.sendall(b"hello")
        answer = read_answer(client)
        client.sendall(post("Content-Length: 2", body=b"on"))
        again = read_answer(client)

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.json["body"] == "hello"
    assert answer.json["CONTENT_LENGTH"] == "5"
    assert again.json["body"] == "on"


def test_100_continue_works_for_chunks(server: Gunicorn):
    with server.connect() as client:
        client.sendall(post(CHUNKED, "expect: 100-Continue"))
        first = client.recv(100)
        client.sendall(b"5\r\nhello\r\n0\r\n\r\n")
        answer = read_answer(client)

    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.json["body"] == "hello"


def test_an_answer_that_needs_no_body_comes_instead_of_100_continue(server: Gunicorn):
    (answer,) = answers(server.say(post("Content-Length: 5", "Expect: 100-continue", path="/unasked")))

    assert answer.status == 401
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_client_that_does_not_wait_for_100_continue_gets_none(server: Gunicorn, version: str):
    raw = post(
        "Content-Length: 5", "Expect: 100-continue", "Connection: close", body=b"hello", version=version
    )

    (answer,) = answers(server.say(raw))

    assert answer.json["body"] == "hello"
