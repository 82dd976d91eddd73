"""Heads of responses, checked so that an application cannot send more than the fields it names."""

import re
import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from api.server.policy import Answer

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
)
_LENGTH = re.compile(r"[0-9]{1,18}")
_PRINTABLE = bytes({0x09, *range(0x20, 0x100)} - {0x7F})


def whole(answer: Answer, *, method: str | None) -> bytes:
    """A complete response that ends the connection; to HEAD without its body."""
    status, headers, body = answer
    _, line = status_line(f"{status} {HTTPStatus(status).phrase}")
    head = encode(
        [
            line,
            date_line(),
            *(f"{name}: {value}\r\n" for name, value in headers.items()),
            f"Content-Length: {len(body)}\r\n",
            "Connection: close\r\n",
        ]
    )
    return head if method == "HEAD" else head + body


@lru_cache(256)
def status_line(status: str) -> tuple[int, str]:
    """The number in a WSGI status, and its line (RFC 9112 §4)."""
    match = re.fullmatch(r"([2-9][0-9]{2})(?: ([\t\x20-\x7e]*))?", status)
    if match is None:
        raise ValueError(f"not the status of a final answer: {status!r}")
    return int(match[1]), f"HTTP/1.1 {match[1]} {match[2] or ''}\r\n"


def date_line() -> str:
    """The Date of this moment (RFC 9110 §6.6.1)."""
    return _date_line(int(time.time()))


@lru_cache(256)
def lower_name(name: str) -> str:
    """A field name in lower case; ValueError if it is no token (RFC 9110 §5.1)."""
    if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name):
        raise ValueError(f"not a header name: {name!r}")
    return name.lower()


def content_length(value: str) -> int:
    """The Content-Length of an application."""
    if _LENGTH.fullmatch(value) is None:
        raise ValueError("not a Content-Length")
    return int(value)


def encode(lines: list[str]) -> bytes:
    """The lines as a whole head; ValueError if one contains another line end or control character."""
    head = "".join(lines).encode("latin-1")
    if head.translate(None, _PRINTABLE) != b"\r\n" * len(lines):
        raise ValueError("a header value contains a control character")  # not shown: it may be secret
    return head + b"\r\n"


@lru_cache(2)
def _date_line(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}\r\n"
