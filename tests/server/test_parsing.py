"""The parsers alone, under anything that hypothesis can think of: bytes in any pieces, whole or spoilt."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.server.body_errors import BodyError
from api.server.incoming import Incoming
from api.server.limits import Limits
from api.server.request_body import ChunkedBody
from api.server.request_head import Head, Refused, check_unfinished

LIMITS = Limits(unasked_bytes=1000)
PIECES = st.lists(st.integers(1, 40), min_size=1, max_size=8)

FRAGMENTS = st.sampled_from(
    [
        b"GET / HTTP/1.1\r\n",
        b"POST http://h:1/a?b HTTP/1.0\r\n",
        b"Host: h\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length: +3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Expect: 100-continue\r\n",
        b"Connection: close\r\n",
        b"X_Y: 1\r\n",
        b" folded\r\n",
        b"\r\n",
        b"\r\n" * 20,
        b"\r",
        b"\n",
        b"\x00",
        b":",
        b" ",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
        b"ffffffff\r\n",
        b"abc",
    ]
)


def read(raw: bytes, sizes: list[int]) -> list[str]:
    """What the requests in `raw` come to, when it arrives in pieces of `sizes`."""
    incoming, found, at, head = Incoming(LIMITS), list[str](), 0, None
    pieces = []
    while at < len(raw):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(raw[at : at + size])
        at += size
    try:
        for piece in [*pieces, None]:
            if piece is None:
                incoming.end()
            else:
                incoming.feed(piece)
            while head is not None or (head := _begin(incoming)) is not None:
                if not incoming.read_body():
                    if incoming.body_waits:
                        return [*found, "large"]
                    break
                body = incoming.body.stream().read() if incoming.body else b""
                found.append(f"{head.environ['REQUEST_METHOD']} {head.environ['PATH_INFO']} {body!r}")
                incoming.begin()
                head = None
    except Refused as refused:
        found.append(refused.code)
    except BodyError as error:
        found.append(error.code)
    return found


def _begin(incoming: Incoming) -> Head | None:
    head = incoming.read_head({})
    if head is not None:
        incoming.expect_body(head)
    return head


@given(st.lists(FRAGMENTS, max_size=14).map(b"".join), PIECES)
@example(b"GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n", [1])
@example(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", [1])
def test_how_bytes_are_cut_into_pieces_changes_nothing_that_the_application_sees(
    raw: bytes, sizes: list[int]
):
    whole, pieces = read(raw, [len(raw) or 1]), read(raw, sizes)

    # An error may be seen earlier or later, and by another name; the requests before it are the same.
    served = [entry for entry in whole if " " in entry]
    assert [entry for entry in pieces if " " in entry] == served
    assert len(whole) == len(pieces)


@given(st.binary(max_size=300), PIECES)
def test_no_bytes_make_the_head_parser_fail_in_an_unforeseen_way(raw: bytes, sizes: list[int]):
    read(raw, sizes)
    read(b"GET / HTTP/1.1\r\nHost: h\r\n" + raw + b"\r\n\r\n", sizes)
    read(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + raw, sizes)


@given(
    st.lists(
        st.tuples(st.binary(min_size=1, max_size=60), st.sampled_from(["", ";a", ' ;b="c d"'])), max_size=12
    ),
    PIECES,
)
def test_a_chunked_body_is_put_together_again(chunks: list[tuple[bytes, str]], sizes: list[int]):
    raw = b"".join(b"%x%b\r\n%b\r\n" % (len(data), ext.encode(), data) for data, ext in chunks)
    raw += b"0\r\nX-Trailer: y\r\n\r\nGET"
    body, buffer, at, number, done = ChunkedBody(LIMITS), bytearray(), 0, 0, False

    while not done and at < len(raw):
        size = sizes[number % len(sizes)]
        buffer += raw[at : at + size]
        at, number = at + size, number + 1
        done = body.feed(buffer)

    assert done
    assert body.stream().read() == b"".join(data for data, _ in chunks)
    assert b"GET".startswith(bytes(buffer))


def test_a_request_line_is_checked_once_and_not_again_with_each_byte_that_follows():
    line = b"no request line\r\n"

    check_unfinished(bytearray(line + b"X"), len(line), LIMITS)
    with pytest.raises(Refused):
        check_unfinished(bytearray(line), len(line) - 1, LIMITS)


@given(st.text(alphabet="0123456789+-_ ,.xabc²٢\t", max_size=6))
def test_only_digits_are_a_content_length(value: str):
    raw = f"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {value}\r\n\r\n".encode()

    (first, *_) = read(raw, [len(raw)]) or ["waits"]

    digits = re.fullmatch(r"[ \t]*[0-9]+[ \t]*", value)
    assert (first == "bad-framing") is (digits is None)


@given(st.integers(0, 40), st.integers(0, 1000) | st.integers(0, 10**30))
@example(20, 5)
def test_a_content_length_is_the_number_it_writes_whatever_its_zeros(zeros: int, number: int):
    body = bytes(min(number, LIMITS.unasked_bytes))
    head = f"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {'0' * zeros}{number}\r\n\r\n".encode()

    found = read(head + body + b"GET /next HTTP/1.1\r\nHost: h\r\n\r\n", [len(head)])

    served = [f"POST / {body!r}", "GET /next b''"]
    assert found == (served if number <= LIMITS.unasked_bytes else ["large"])
