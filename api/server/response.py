"""Checks what the application wants to say in the head of an answer: it must not be able to say more."""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import Any

from api.ids import new_id

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
)


@lru_cache(256)
def status_line(status: str) -> tuple[int, str]:
    """The number in a WSGI status and its line (RFC 9112 §4)."""
    match = re.fullmatch(r"([2-9][0-9]{2})(?: ([\t\x20-\x7e]*))?", status)
    if match is None:
        raise ValueError(f"not the status of a final answer: {status!r}")
    return int(match[1]), f"HTTP/1.1 {match[1]} {match[2] or ''}\r\n"


@lru_cache(256)
def key(name: str) -> str:
    """The lower-case name of a field, if it is a token (RFC 9110 §5.1)."""
    if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name):
        raise ValueError(f"not a header name: {name!r}")
    return name.lower()


def length(value: str) -> int:
    """A Content-Length as the application gave it."""
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise ValueError("not a Content-Length")
    return int(value)


def checked(lines: list[str]) -> bytes:
    """The lines as a whole head, unless one smuggles in a line end or another control character."""
    head = "".join(lines).encode("latin-1")
    if head.translate(None, _PRINTABLE) != b"\r\n" * len(lines):
        raise ValueError("a header value holds a control character")  # not shown: it may be secret
    return head + b"\r\n"


def request_id(environ: Mapping[str, Any]) -> str:
    """The client's X-Request-ID if it is harmless, else a fresh one."""
    told = environ.get("HTTP_X_REQUEST_ID")
    if told is not None and re.fullmatch(r"[A-Za-z0-9._-]{1,64}", told):
        return str(told)
    return f"req_{_process}{next(_requests):010d}"


def _begin_process() -> None:
    """Nobody has to tell the order of requests by their ids, so one random part does for a whole process."""
    global _process, _requests
    _process, _requests = new_id("")[-16:], count(1)


_process: str
_requests: "count[int]"
_begin_process()
os.register_at_fork(after_in_child=_begin_process)


_PRINTABLE = bytes({0x09, *range(0x20, 0x100)} - {0x7F})
