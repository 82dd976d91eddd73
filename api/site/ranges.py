"""Range requests (RFC 9110 §14): a client can resume a download, or seek in a recording."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.web.context import Request
from api.web.http_errors import Refusal

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


def requested_range(req: Request, *, size: int, etag: str, last_modified: str) -> ByteRange | None:
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
