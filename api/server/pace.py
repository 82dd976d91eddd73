"""Tells a slow client from a stuck one: it must keep a pace, however long it takes in all."""

import asyncio
import fcntl
import struct
import termios

from api.server.limits import Limits


class Pace:
    """In each span of `pace_seconds`, `pace_bytes` a second must pass."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.pace_seconds
        self._bytes = limits.pace_bytes * limits.pace_seconds
        self._passed = 0

    def start(self, passed: int) -> float:
        """Begin a span; the seconds that it lasts."""
        self._passed = passed
        return self._seconds

    def is_kept(self, passed: int) -> bool:
        """At the end of a span: whether enough has passed since its start."""
        return passed - self._passed >= self._bytes


class Outgoing:
    """What is written to one client, and how much of it the client has read."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.paused = False  # the client has enough to read for now
        self._transport = transport
        self._written = 0

    def write(self, data: bytes) -> None:
        """Send now what the kernel takes, and the rest when it can."""
        self._written += len(data)
        self._transport.write(data)

    def unsent(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self._transport.get_write_buffer_size()

    def read(self) -> int:
        """Bytes that the client's machine has acknowledged.

        The kernel may hold megabytes for a client and take more only now and then, so what we
        could write says little about what a slow client reads.
        """
        connection = self._transport.get_extra_info("socket")
        try:
            (kept,) = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4)))
        except OSError:
            kept = 0  # a socket of a kind that cannot tell
        return self._written - self.unsent() - int(kept)
