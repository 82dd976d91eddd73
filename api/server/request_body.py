"""Request bodies: where each ends, and what has arrived of it, in memory or, of a large one, on disk."""

import io
import re
from abc import ABC, abstractmethod
from typing import IO, BinaryIO

from api.server.body_errors import BodyTooLarge
from api.server.limits import Limits
from api.server.request_head import Refused
from api.server.spool import Spool


class Body(ABC):
    """The bytes of a body as they arrive."""

    announced: int
    """Bytes that it has, or has at least."""

    def __init__(self, limits: Limits) -> None:
        self.waits = False  # for the application to ask for it, or for more of it
        self.limit = limits.body_bytes
        self.spool: Spool | None = None
        self.held: IO[bytes] | None = None
        self._unasked = limits.unasked_bytes
        self._block_bytes = limits.block_bytes
        self._block = bytearray()
        self._is_whole = False
        self._stored = 0  # bytes in the spool

    @property
    @abstractmethod
    def block(self) -> memoryview:
        """The bytes that have arrived and are not in the spool."""

    @abstractmethod
    def take(self, buffer: bytearray) -> bool:
        """Take what belongs to the body out of `buffer`; True at its end, Refused when it is malformed."""

    @property
    def received(self) -> int:
        """Bytes that have arrived."""
        return self._stored + len(self.block)

    @property
    def is_large(self) -> bool:
        """Whether it is too large for memory."""
        return self.announced > self._unasked

    @property
    def is_due(self) -> bool:
        """Whether the block is to be written before anything else."""
        size = len(self.block) if self.spool is not None else 0
        return size >= self._block_bytes or (size > 0 and self._is_whole)

    def feed(self, buffer: bytearray) -> bool:
        """Take what there is room for; True when the body is complete."""
        if not self.waits and not self._is_whole:
            self._is_whole = self.take(buffer)
        return self._is_whole

    def forget_block(self) -> None:
        """Make room for another block: this one has been written."""
        self._stored += len(self.block)
        self._block = bytearray()

    def stream(self) -> BinaryIO:
        """The whole body as a file."""
        return io.BytesIO(self.block) if self.spool is None else self.spool.reader()


class LengthBody(Body):
    """A body framed by Content-Length (RFC 9112 §6.2)."""

    def __init__(self, length: int, limits: Limits) -> None:
        super().__init__(limits)
        self.announced = length
        self.waits = self.is_large
        self._filled = 0

    @property
    def block(self) -> memoryview:
        return memoryview(self._block)[: self._filled]

    def take(self, buffer: bytearray) -> bool:
        missing = self.announced - self.received
        if not self._block:  # at once, since growing step by step would take twice the memory
            self._block = bytearray(missing if self.spool is None else min(missing, self._block_bytes))
        size = min(len(buffer), len(self._block) - self._filled)
        with memoryview(self._block) as block, memoryview(buffer) as view:
            block[self._filled : self._filled + size] = view[:size]
        del buffer[:size]
        self._filled += size
        return size == missing

    def forget_block(self) -> None:
        super().forget_block()
        self._filled = 0


class ChunkedBody(Body):
    """A body in chunks; extensions and trailers are checked and dropped (RFC 9112 §7.1)."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.announced = 1
        self._missing = 0
        self._chunks = 0
        self._in_data = False
        self._trailer_bytes: int | None = None

    @property
    def block(self) -> memoryview:
        return memoryview(self._block)

    def take(self, buffer: bytearray) -> bool:
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
        if match is None or self._chunks > _CHUNKS + self.received // _CHUNK_BYTES:
            raise Refused("bad-framing")
        self._missing = int(match[1], 16)
        if not self._missing:
            self._trailer_bytes = 0
            return
        self.announced = self.received + self._missing
        if self.spool is None:
            self.waits = self.is_large
        elif self.announced > self.limit:
            raise BodyTooLarge
        self._in_data = True

    def _take_data(self, buffer: bytearray, at: int) -> int:
        piece = buffer[at : at + self._missing]
        self._block += piece
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
