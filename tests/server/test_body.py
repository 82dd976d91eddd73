"""The framing of request bodies: where each ends, and what follows from one whose end is unclear."""

from __future__ import annotations

import pytest

from tests.server.process import CHUNKED, Gunicorn, answers, gunicorn, post, refused


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


SMUGGLED = b"GET /echo HTTP/1.1\r\nHost: evil\r\n\r\n"
BAD_FRAMING = [
    post("Content-Length: 6", CHUNKED, body=b"0\r\n\r\n" + SMUGGLED),
    post(CHUNKED, "Content-Length: 6", body=b"0\r\n\r\n" + SMUGGLED),
    post("Content-Length: 0", "Content-Length: 5", body=b"12345" + SMUGGLED),
    post("Content-Length: 5", "Content-Length: 5", body=b"12345" + SMUGGLED),
    *(
        post(f"Content-Length: {length}", body=b"ab" + SMUGGLED)
        for length in ("+2", "-2", "1_0", "2,2", "2, 2", "0x2", "2.0", "2 2", "", "²", "٢")
    ),
    post(CHUNKED, version="1.0", body=b"2\r\nab\r\n0\r\n\r\n" + SMUGGLED),
    *(
        post(CHUNKED, body=body + SMUGGLED)
        for body in (
            b"z\r\nab\r\n0\r\n\r\n",
            b"0x2\r\nab\r\n0\r\n\r\n",
            b"+2\r\nab\r\n0\r\n\r\n",
            b"-2\r\nab\r\n0\r\n\r\n",
            b"2_0\r\nab\r\n0\r\n\r\n",
            b" 2\r\nab\r\n0\r\n\r\n",
            b"2 \r\nab\r\n0\r\n\r\n",
            b"\r\n2\r\nab\r\n0\r\n\r\n",
            b"2\nab\n0\n\n",
            b"2\r\nabc\r\n0\r\n\r\n",
            b"2\r\nab0\r\n\r\n",
            b"2\r\nab\n0\r\n\r\n",
            b"2\r\nab\rX0\r\n\r\n",
            b"2;a\nb\r\nab\r\n0\r\n\r\n",
            b"2;a\rb\r\nab\r\n0\r\n\r\n",
            b"2;\x00\r\nab\r\n0\r\n\r\n",
            b"2 a\r\nab\r\n0\r\n\r\n",
            b"2;\r\nab\r\n0\r\n\r\n",
            b"2;;a\r\nab\r\n0\r\n\r\n",
            b"2;a==\r\nab\r\n0\r\n\r\n",
            b"2;a=\r\nab\r\n0\r\n\r\n",
            b"2;\xe9\r\nab\r\n0\r\n\r\n",
            b'2;a="b\r\nab\r\n0\r\n\r\n',
            b'2;a="b"c\r\nab\r\n0\r\n\r\n',
            b"2;a b\r\nab\r\n0\r\n\r\n",
            b"2;a \r\nab\r\n0\r\n\r\n",
            b"0\r\nContent-Length: 5\r\n\r\n",
            b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"0\r\nX: y\r\nhOST: evil\r\n\r\n",
            b"0\r\nX : y\r\n\r\n",
            b"0\r\n X: y\r\n\r\n",
            b"0\r\nX: a\nb\r\n\r\n",
            b"0\r\nno colon\r\n\r\n",
            b"00000000000000002\r\nab\r\n0\r\n\r\n",
            b"2;" + b"x" * 2000 + b"\r\nab\r\n0\r\n\r\n",
            b"0\r\n" + b"X: y\r\n" * 3000 + b"\r\n",
            b"1\r\na\r\n" * 1_200 + b"0\r\n\r\n",
        )
    ),
]


@pytest.mark.parametrize("raw", BAD_FRAMING, ids=range(len(BAD_FRAMING)))
def test_unclear_framing_gets_one_answer_and_the_application_nothing(server: Gunicorn, raw: bytes):
    before = server.calls()

    refused(server.say(raw), 400, "bad-framing")

    assert server.calls() == before


@pytest.mark.parametrize(
    "coding",
    ["gzip", "gzip, chunked", "chunked, gzip", "identity", "chunked, chunked", "xchunked", "chunked;q=1", ""],
)
def test_another_transfer_coding_is_not_implemented(server: Gunicorn, coding: str):
    refused(server.say(post(f"Transfer-Encoding: {coding}", body=SMUGGLED)), 501, "transfer-coding")


def test_two_transfer_encoding_headers_are_not_one(server: Gunicorn):
    raw = post(CHUNKED, "Transfer-Encoding: identity", body=b"0\r\n\r\n" + SMUGGLED)

    refused(server.say(raw), 501, "transfer-coding")


def test_a_vertical_tab_before_chunked_is_no_white_space(server: Gunicorn):
    refused(server.say(post("Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n")), 400, "bad-request")


@pytest.mark.parametrize(
    "body",
    [
        b"5\r\nhello\r\n0\r\n\r\n",
        b"1\r\nh\r\n4\r\nello\r\n00\r\n\r\n",
        b"05;name=value\r\nhello\r\n0;x\r\n\r\n",
        b'5 ;a="b c"\r\nhello\r\n0\r\nX-Sum: 1\r\nY: \r\n\r\n',
        b'5; a = b ;c ; d="\\"\xe9;"\r\nhello\r\n0\r\n\r\n',
    ],
)
@pytest.mark.parametrize("coding", ["chunked", "Chunked", "\t chunked "])
def test_a_chunked_body_looks_to_the_application_as_one_with_a_length(
    server: Gunicorn, body: bytes, coding: str
):
    (answer,) = answers(server.say(post(f"Transfer-Encoding: {coding}", "Connection: close", body=body)))

    assert answer.json["body"] == "hello"
    assert answer.json["CONTENT_LENGTH"] == "5"
    assert "HTTP_TRANSFER_ENCODING" not in answer.json
    assert "HTTP_X_SUM" not in answer.json


@pytest.mark.parametrize("step", [1, 3])
def test_a_chunked_body_may_come_in_any_pieces_and_a_request_may_follow(server: Gunicorn, step: int):
    raw = post(CHUNKED, body=b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: u\r\n\r\n")
    raw += post("Content-Length: 3", "Connection: close", body=b"two")

    with server.connect() as client:
        for at in range(0, len(raw), step):
            client.sendall(raw[at : at + step])
        first, second = answers(b"".join(iter(lambda: client.recv(65_536), b"")))

    assert (first.json["body"], second.json["body"]) == ("hello world", "two")


def test_a_body_may_come_in_many_small_chunks(server: Gunicorn):
    body = b"10\r\n" + b"x" * 16 + b"\r\n"

    (answer,) = answers(server.say(post(CHUNKED, "Connection: close", body=body * 9_000 + b"0\r\n\r\n")))

    assert len(answer.json["body"]) == 144_000


@pytest.mark.parametrize(
    "raw",
    [
        post("Content-Length: 10", body=b"{}"),
        post("Content-Length: 1"),
        post(CHUNKED),
        post(CHUNKED, body=b"5\r\nhel"),
        post(CHUNKED, body=b"5\r\nhello\r\n"),
        post(CHUNKED, body=b"5\r\nhello\r\n0\r\n"),
    ],
)
def test_a_body_cut_by_the_end_of_the_stream_is_incomplete(server: Gunicorn, raw: bytes):
    (answer,) = answers(server.say(raw, end=True))

    assert (answer.status, answer.json["code"]) == (418, "incomplete-body")
    assert answer.headers["connection"] == "close"


def test_a_client_that_ends_its_side_after_a_whole_request_gets_its_answer(server: Gunicorn):
    raw = post("Content-Length: 5", body=b"hello")

    got = answers(server.say(raw * 3, end=True))

    assert [answer.json["body"] for answer in got] == ["hello"] * 3


def test_a_head_cut_by_the_end_of_the_stream_is_a_bad_request(server: Gunicorn):
    refused(server.say(b"GET / HTTP/1.1\r\nHost: h\r\n", end=True), 400, "bad-request")


def test_a_client_that_says_nothing_and_leaves_gets_nothing(server: Gunicorn):
    assert server.say(b"", end=True) == b""
