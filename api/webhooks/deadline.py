"""A deadline for everything that is done with a socket, however little of it comes at a time."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self, TypeVar

Done = TypeVar("Done")


class Deadline:
    """While the block lasts, a timer stands by to end the connection that it watches.

    A block that ends late raises TimeoutError, whatever came of it: http.client takes the head of an answer
    that was cut off for a whole one.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._watched: socket.socket | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._watched is not None:
            self._watched.close()
        self.remaining()

    def remaining(self) -> float:
        """The seconds that are left, of which there are some; TimeoutError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def bounded(self, work: Callable[[], Done]) -> Done:
        """The result of `work`, which knows no deadline; in the end nobody waits for it any more."""
        results: queue.SimpleQueue[Done | OSError | ValueError] = queue.SimpleQueue()

        def put() -> None:
            try:
                results.put(work())
            except (OSError, ValueError) as error:  # no such name, or none that can be one
                results.put(error)

        threading.Thread(target=put, daemon=True).start()
        try:
            result = results.get(timeout=self.remaining())
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(result, (OSError, ValueError)):
            raise result
        return result

    def watch(self, connected: socket.socket) -> None:
        """End this connection at the deadline, even while another thread reads from it, by TLS or not."""
        self._watched = connected.dup()
        self.remaining()  # otherwise the timer may have found nothing to end

    def _cut(self) -> None:
        if self._watched is not None:
            with suppress(OSError):
                self._watched.shutdown(socket.SHUT_RDWR)
