"""Whatever our parser accepts, other servers read alike: a difference is how requests are smuggled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.server import Limits
from tests.server.oracles import Disk, Request, read_by_h11, read_by_llhttp, read_by_us

LIMITS = [  # bodies in memory, and bodies on disk in blocks as small as they can be
    Limits(body_bytes=1000, unasked_bytes=1000),
    Limits(body_bytes=1000, unasked_bytes=2, block_bytes=3),
]
CORPUS = tomllib.loads(Path(__file__).with_name("framing.toml").read_text())["case"]
NEXT = b"GET /next HTTP/1.1\r\nHost: h\r\n\r\n"

# Where an oracle refuses, or leaves HTTP, what RFC 9110 or 9112 allows.
LLHTTP_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT")  # it refuses those that it has never heard of
LLHTTP_REFUSES = {
    "minor versions above 1": rb" HTTP/1\.[2-9]\r\n",
    "white space in a chunk extension, though RFC 9112 §7.1.1 has it read": rb"[ \t]+[;=]|[;=][ \t]+",
    "a tab after a transfer coding": rb"(?i)chunked[ ]*\t",
    "an upgrade that has a body": rb"(?i)\r\nupgrade:",
}
H11_REFUSES = {
    "a length of over 20 digits, be they zeros": rb"(?i)\r\ncontent-length:[ \t]*[0-9]{21}",
    "a second request in HTTP/1.0": rb" HTTP/1\.0\r\n",
    "white space in a chunk extension, though RFC 9112 §7.1.1 has it read": rb"[ \t]+[;=]|[;=][ \t]+",
}


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    disk = Disk()
    yield disk
    disk.close()


def check(raw: bytes, limits: Limits, disk: Disk) -> None:
    """Each oracle reads the requests that we accept, or refuses one for a reason that stands above."""
    ours, _ = read_by_us(raw, limits, disk)
    known = list(takewhile(lambda request: request.method in LLHTTP_METHODS, ours))
    compare(raw, known, read_by_llhttp(raw), LLHTTP_REFUSES)
    compare(raw, ours, read_by_h11(raw), H11_REFUSES)


def compare(raw: bytes, ours: list[Request], theirs: list[Request], reasons: dict[str, bytes]) -> None:
    theirs = theirs[: len(ours)]
    if theirs != ours:
        assert [reason for reason, sign in reasons.items() if re.search(sign, raw)], (theirs, ours)
        assert theirs == ours[: len(theirs)] or b"\r\nUpgrade: " in raw


def mostly(right: bytes, *odd: bytes) -> st.SearchStrategy[bytes]:
    return st.sampled_from([right] * 4 * len(odd) + list(odd))


@st.composite
def numbers(draw: st.DrawFn, right: int, form: str) -> bytes:
    """A length: mostly the right one, padded in every second case, and now and then odd on purpose."""
    number = draw(st.sampled_from([right] * 8 + [right + 1, max(right - 1, 0), 0]))
    zeros = draw(st.sampled_from([b"", b"", b"0", b"0" * 12, b"0" * 19, b"0" * 40]))
    before = draw(mostly(b"", b"+", b"-", b" ", b"0x", b"_", b"\x0b", b"1,"))
    after = draw(mostly(b"", b"_", b"\t", b".0", b",1", b"\xb2", b"\0"))
    return before + zeros + format(number, form).encode() + after


@st.composite
def chunks(draw: st.DrawFn, data: bytes) -> bytes:
    extension = mostly(b"", b";a", b';a="b;\\""', b" ;a", b";a = b", b";", b";a\nb", b";\xff", b" ")
    ending = mostly(b"\r\n", b"\n", b"\r", b"", b"x\r\n")
    return draw(numbers(len(data), "x")) + draw(extension) + b"\r\n" + data + draw(ending)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A request that is right in most of its parts."""
    method = draw(mostly(b"POST", b"GET", b"PUT", b"OPTIONS", b"BREW", b"post"))
    target = draw(mostly(b"/", b"/a?b=%20", b"http://h/a", b"*", b'/"<>^`{|}', b"/a#b", b"/\x7f"))
    version = draw(mostly(b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0"))
    body = draw(st.binary(max_size=20) | st.just(NEXT))
    fields = [
        draw(mostly(b"X: y", b"Connection: close", b"Connection: keep-alive", b"X : y", b" z", b"\xe9: y"))
    ]
    how = draw(st.sampled_from(["length"] * 4 + ["chunks"] * 4 + ["both", "none"]))
    if how in ("length", "both"):
        fields.append(b"Content-Length: " + draw(numbers(len(body), "d")))
    if how in ("chunks", "both"):
        coding = mostly(b"chunked", b"CHUNKED", b"chunked\t", b"\x0bchunked", b"gzip, chunked", b"chunked, x")
        fields.append(b"Transfer-Encoding: " + draw(coding))
        body = b"".join(draw(chunks(piece)) for piece in (body[:7], body[7:]) if piece)
        body += draw(mostly(b"0\r\n", b"00\r\n", b"0;a\r\n", b"0 \r\n", b"0\n"))
        body += draw(mostly(b"\r\n", b"A: b\r\n\r\n", b"Content-Length: 9\r\n\r\n", b" a: b\r\n\r\n", b"\n"))
    fields.insert(draw(st.integers(0, len(fields))), b"Host: h")
    head = b"\r\n".join((b" ".join((method, target, version)), *fields, b"", b""))
    return draw(mostly(b"", b"\r\n", b"\n")) + head + body


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """One or two requests and another, with a byte or two spoilt in every fourth case."""
    raw = b"".join(draw(st.lists(requests(), min_size=1, max_size=2))) + NEXT
    if draw(st.integers(0, 3)):
        return raw
    at, cut = draw(st.integers(0, len(raw))), draw(st.integers(0, 2))
    return (
        raw[:at]
        + draw(st.sampled_from([b"", b"\r", b"\n", b"\0", b" ", b"0", b":", b"\r\n"]))
        + raw[at + cut :]
    )


@settings(max_examples=200)
@given(streams())
@example(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi\r\n" + NEXT)
@example(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 31\r\n\r\n" + NEXT + NEXT)
@example(b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 000000000000000000005\r\n\r\nhello" + NEXT)
def test_whatever_we_accept_other_servers_read_alike(disk: Disk, raw: bytes):
    for limits in LIMITS:
        check(raw, limits, disk)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
@pytest.mark.parametrize("limits", LIMITS, ids=["in memory", "on disk"])
def test_framing_is_read_as_the_corpus_says_and_by_others_alike(
    disk: Disk, limits: Limits, case: dict[str, Any]
):
    head = "".join(f"{line}\r\n" for line in [case.get("line", "POST /a HTTP/1.1"), "Host: h", *case["head"]])
    raw = f"{head}\r\n{case['body']}".encode("latin-1") + NEXT

    found, code = read_by_us(raw, limits, disk)

    if "reads" in case:
        method, target = head.split(" ")[:2]
        follows = [] if case.get("last") else [Request("GET", "/next", b"")]
        assert (found, code) == ([Request(method, target, case["reads"].encode("latin-1")), *follows], None)
    else:
        assert (found, code) == ([], case["refused"])
    check(raw, limits, disk)
