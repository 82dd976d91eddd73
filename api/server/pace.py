"""The minimum pace of a client: it separates a slow one from a stuck one, however long either takes."""

import asyncio
import fcntl
import struct
import termios
from collections.abc import Callable

from api.server.limits import Limits

UNREAD = 131_072  # bytes that a client's machine may acknowledge though its program reads nothing

_HIGH_WATER = 65_536  # bytes of an answer waiting for the client, beyond which no more is produced
_LATELY = 1.0  # seconds over which a rate is measured, or more


class Pace:
    """In each span of `pace_seconds`, `pace_bytes` must pass each second."""

    def __init__(self, limits: Limits, time: Callable[[], float]) -> None:
        self._time = time
        self._seconds = limits.pace_seconds
        self._bytes = limits.pace_bytes * limits.pace_seconds
        self._passed = 0
        self.began = 0.0  # the present span
        self._looked, self._seen = 0.0, 0
        self._rate: float | None = None

    def start(self, passed: int) -> float:
        """Begin a span, and return the seconds that it lasts."""
        self._passed = self._seen = passed
        self.began = self._looked = self._time()
        self._rate = None
        return self._seconds

    def is_met(self, passed: int) -> bool:
        """Whether enough has passed since the span began."""
        return passed - self._passed >= self._bytes

    def rate(self, passed: int, *, free: int = 0) -> float:
        """Bytes a second of late, without the first `free` ones: what a client moved at first says little of
        what it does now."""
        seconds = self._time() - self._looked
        if self._rate is not None and seconds < _LATELY:
            return self._rate
        rate = max(passed - max(self._seen, free), 0) / max(seconds, 0.001)
        if seconds >= _LATELY:
            self._rate, self._looked, self._seen = rate, self._looked + seconds, passed
        return rate


class Outgoing:
    """The bytes written to one client, and how many of them it has read."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.paused = False  # the client has enough to read
        self._transport = transport
        self._written = 0
        transport.set_write_buffer_limits(high=_HIGH_WATER)

    def write(self, data: bytes) -> None:
        """Send what the kernel takes now, and the rest when it can."""
        self._written += len(data)
        self._transport.write(data)

    def end(self) -> None:
        """End our side of the connection."""
        try:
            self._transport.write_eof()
        except OSError:  # the client has reset the connection; connection_lost() is about to be called
            self._transport.abort()

    def unsent(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self._transport.get_write_buffer_size()

    def acknowledged(self) -> int:
        """Bytes that the client's machine has acknowledged.

        The kernel may buffer megabytes for a client and take more only now and then, so the bytes written
        say little about how many a slow client reads.
        """
        connection = self._transport.get_extra_info("socket")
        try:
            (buffered,) = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4)))
        except OSError:
            buffered = 0  # a kind of socket that does not count them
        return self._written - self.unsent() - int(buffered)
