"""The minimum pace of a client: it separates a slow one from a stuck one, however long either takes."""

import asyncio
import fcntl
import struct
import termios

from api.server.limits import Limits


class Pace:
    """In each span of `pace_seconds`, `pace_bytes` must pass each second."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.pace_seconds
        self._bytes = limits.pace_bytes * limits.pace_seconds
        self._passed = 0

    def start(self, passed: int) -> float:
        """Begin a span, and return the seconds that it lasts."""
        self._passed = passed
        return self._seconds

    def is_met(self, passed: int) -> bool:
        """Whether enough has passed since the span began."""
        return passed - self._passed >= self._bytes


class Outgoing:
    """The bytes written to one client, and how many of them it has read."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.paused = False  # the client has enough to read
        self._transport = transport
        self._written = 0

    def write(self, data: bytes) -> None:
        """Send what the kernel takes now, and the rest when it can."""
        self._written += len(data)
        self._transport.write(data)

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
