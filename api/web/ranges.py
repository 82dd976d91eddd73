"""Range requests (RFC 9110 §14): a client can resume a download, or seek in a recording."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from api.web.context import Request, Response
from api.web.http_errors import Refusal

AT_ONCE = 64 * 1024
"""Bytes up to which a file is sent in one piece; a larger one is streamed."""

_ONE_RANGE = re.compile(
    r"bytes[ \t]*=[ \t]*(\d{0,4000})[ \t]*-[ \t]*(\d{0,4000})[ \t]*\Z", re.IGNORECASE | re.ASCII
)


class RangeNotSatisfiable(Refusal):
    """The range starts past the end of the file (RFC 9110 §14.1.2)."""

    status, code, title = 416, "range-not-satisfiable", "Range not satisfiable"
    remedy = "Request a range within the length in Content-Range."


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    """`length` bytes from `start`; not satisfiable when the length is not positive."""

    start: int
    length: int


def send(
    req: Request,
    resp: Response,
    *,
    size: int,
    etag: str,
    last_modified: str | None = None,
    open: Callable[[], IO[bytes]],
    place: str | None = None,
) -> None:
    """Answer with a file of that size, or with the range of it that the client asks for.

    With a `place` the proxy sends it from there, or the range.
    """
    part = requested_range(req, size=size, etag=etag, last_modified=last_modified)
    if part is not None and part.length <= 0:
        for header in ("ETag", "Last-Modified", "Content-Encoding"):
            resp.delete_header(header)
        resp.set_header("Content-Range", f"bytes */{size}")
        raise RangeNotSatisfiable
    if place is not None and req.method == "GET":
        resp.set_header("X-Accel-Redirect", place)
        return
    if part is not None:
        resp.status = 206
        resp.set_header("Content-Range", f"bytes {part.start}-{part.start + part.length - 1}/{size}")
    part = part or ByteRange(start=0, length=size)
    if req.method == "HEAD":
        resp.content_length = part.length
        return
    stream = open()
    stream.seek(part.start)
    if size <= AT_ONCE:
        with stream:
            resp.data = stream.read(part.length)
    else:
        resp.set_stream(_Slice(stream, part.length), part.length)


def requested_range(
    req: Request, *, size: int, etag: str, last_modified: str | None = None
) -> ByteRange | None:
    """The range to send, or None for the whole file: no range, several, a malformed one, a stale If-Range."""
    header = req.get_header("Range")
    if header is None or req.method != "GET":
        return None
    condition = req.get_header("If-Range")
    if condition is not None and condition.strip() not in (etag, last_modified):
        return None
    match = _ONE_RANGE.match(header)
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        return ByteRange(start=size - length, length=length)
    start = int(first)
    if last and int(last) < start:
        return None
    end = min(int(last) + 1, size) if last else size
    return ByteRange(start=start, length=end - start)


class _Slice:
    """A file that ends after `length` bytes; the server closes it after streaming."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int | None = -1, /) -> bytes:
        length = self._left if size is None or size < 0 else min(size, self._left)
        chunk = self._stream.read(length)
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._stream.close()
