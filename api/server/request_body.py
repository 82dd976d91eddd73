"""Request bodies, collected within bounds; wsgi.input fails on reading when there is none to read."""

import errno
import re
from collections.abc import Iterator
from typing import ClassVar

from api.server.limits import Limits
from api.server.policy import Code
from api.server.request_head import Refused


class BodyError(OSError):
    """Raised when the application reads a body that did not arrive whole.

    An OSError of the kind that reading from a socket raises, so that an application can handle it without
    an import from here.
    """

    code: ClassVar[Code]


class BodyTooLarge(BodyError):
    """The body is larger than the limit, by its Content-Length or as counted on arrival."""

    code = "body-too-large"

    def __init__(self) -> None:
        super().__init__(errno.EMSGSIZE, "the request body is too large")


class IncompleteBody(BodyError, ConnectionError):
    """The client ended its side of the connection before the end of the body."""

    code = "incomplete-body"


class BodyTimeout(BodyError, TimeoutError):
    """The body arrived more slowly than the server allows."""

    code = "request-timeout"


class ContinueRequired(BaseException):
    """The application reads a body that the client sends only after 100 Continue.

    A BaseException, because it must pass through the application's error handling to the server, which then
    asks for the body and calls the application once more. So an application must read the body before it
    changes anything.
    """


class Unreadable:
    """A wsgi.input that raises `reason` on every read."""

    def __init__(self, reason: BaseException) -> None:
        self._reason = reason

    def read(self, _size: int = -1, /) -> bytes:
        raise self._reason

    def readline(self, _size: int = -1, /) -> bytes:
        raise self._reason

    def readlines(self, _hint: int = -1, /) -> list[bytes]:
        raise self._reason

    def __iter__(self) -> Iterator[bytes]:
        raise self._reason


class LengthBody:
    """A body framed by Content-Length (RFC 9112 §6.2)."""

    def __init__(self, length: int, limits: Limits) -> None:
        if length > limits.body_bytes:
            raise BodyTooLarge
        self.data = bytearray()
        self.received = 0
        self.announced = length
        self.waits = length > limits.unasked_bytes  # until the application asks for it

    def feed(self, buffer: bytearray) -> bool:
        """Take what belongs to the body out of `buffer`; True when it is complete."""
        if self.waits:
            return False
        if not self.data:  # at once, since growing step by step would take twice the memory
            self.data = bytearray(self.announced)
        size = min(len(buffer), len(self.data) - self.received)
        with memoryview(self.data) as data, memoryview(buffer) as view:
            data[self.received : self.received + size] = view[:size]
        del buffer[:size]
        self.received += size
        return self.received == len(self.data)


class ChunkedBody:
    """A body in chunks; extensions and trailers are checked and dropped (RFC 9112 §7.1)."""

    def __init__(self, limits: Limits) -> None:
        self.data = bytearray()
        self.waits = False  # for the application to ask for more than a small body
        self._limits = limits
        self._missing = 0
        self._chunks = 0
        self._in_data = False
        self._trailer_bytes: int | None = None

    @property
    def received(self) -> int:
        """Bytes of the body that have arrived."""
        return len(self.data)

    @property
    def announced(self) -> int:
        """Bytes that the body has at least."""
        return max(len(self.data) + self._missing, 1)

    def feed(self, buffer: bytearray) -> bool:
        """Take what belongs to the body out of `buffer`; True when complete, Refused when malformed."""
        at = 0
        try:
            while not self.waits:
                if self._in_data:
                    at = self._take_data(buffer, at)
                    if self._in_data:
                        return False
                end = buffer.find(b"\r\n", at, at + _LINE + 2)
                if end < 0:
                    if len(buffer) - at > _LINE + 1:
                        raise Refused("bad-framing")
                    if _INVALID.search(buffer, at):
                        raise Refused("bad-framing")
                    return False
                line = buffer[at:end]
                at = end + 2
                if self._trailer_bytes is None:
                    self._begin_chunk(line)
                elif not line:
                    return True
                else:
                    self._skip_trailer(line)
            return False
        finally:
            del buffer[:at]

    def _begin_chunk(self, line: bytearray) -> None:
        match = _CHUNK_SIZE.fullmatch(line)
        self._chunks += 1
        if match is None or self._chunks > _CHUNKS + len(self.data) // _CHUNK_BYTES:
            raise Refused("bad-framing")
        self._missing = int(match[1], 16)
        if not self._missing:
            self._trailer_bytes = 0
            return
        if self.announced > self._limits.body_bytes:
            raise BodyTooLarge
        self.waits = len(self.data) <= self._limits.unasked_bytes < self.announced
        self._in_data = True

    def _take_data(self, buffer: bytearray, at: int) -> int:
        piece = buffer[at : at + self._missing]
        self.data += piece
        self._missing -= len(piece)
        at += len(piece)
        if self._missing:
            return at
        ending = buffer[at : at + 2]
        if not b"\r\n".startswith(ending):
            raise Refused("bad-framing")
        if len(ending) == 2:
            self._in_data = False
            return at + 2
        return at

    def _skip_trailer(self, line: bytearray) -> None:
        self._trailer_bytes = (self._trailer_bytes or 0) + len(line)
        match = _TRAILER.fullmatch(line)
        if self._trailer_bytes > _TRAILERS or match is None or match[1].lower() in _NO_TRAILERS:
            raise Refused("bad-framing")


_LINE = 1024  # a chunk size with its extensions, or one trailer
_TRAILERS = 8190
_CHUNKS = 1024  # each costs the loop a microsecond or two, so beyond that they must hold ...
_CHUNK_BYTES = 16  # ... so many bytes on average: nobody honest sends a large body in single bytes
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = rb'"(?:[\t\x20!\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"'
_EXTENSION = rb"[ \t]*;[ \t]*%b(?:[ \t]*=[ \t]*(?:%b|%b))?" % (_TOKEN, _TOKEN, _QUOTED)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:%b)*" % _EXTENSION)
_TRAILER = re.compile(rb"(%b):[\t\x20-\x7e\x80-\xff]*" % _TOKEN)
_NO_TRAILERS = (b"content-length", b"host", b"transfer-encoding")  # RFC 9110 §6.5.1: they frame or route
_INVALID = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
