"""The connections of one worker: taking them in, watching their deadlines, seeing them out."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable, Iterable
from typing import Any

from api.server.connection import Connection
from api.server.limits import Limits
from api.server.pool import Line, Pool
from api.server.refusals import Refusals
from api.server.sharing import YIELD_SECONDS, Share

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_PATIENCE = 1.0  # seconds that a waiting connection keeps its place when others want it


class Server:
    """Serves `app` on listening sockets, in the running event loop and a pool of threads."""

    def __init__(
        self, app: WSGIApp, *, environ: dict[str, Any], threads: int, limits: Limits, log: Any, share: Share
    ) -> None:
        self.app = app
        self.environ = environ  # the part that all requests share
        self.limits = limits
        self.log = log
        self.loop = asyncio.get_running_loop()
        self.pool = Pool(threads, self.loop)
        self.refusals = Refusals()
        # gunicorn takes its own access log for enabled whenever logging is configured at all.
        self.logs_access = log.access_log_enabled and log.access_log.isEnabledFor(logging.INFO)
        self.connections: set[Connection] = set()
        self.stopping = False
        self.served = 0
        # (method, path) of what the application says takes long: hashing a password may not delay a read.
        self._slow: frozenset[tuple[str, str]] = getattr(app, "slow_requests", frozenset())
        # What it says needs no waiting is answered in the loop, without a thread.
        self.is_at_hand: Callable[[dict[str, Any]], bool] = getattr(app, "is_at_hand", lambda _environ: False)
        self._stopped_at = 0.0
        self._listeners: list[socket.socket] = []
        self._share = share
        self._has_yielded = False
        self._accepting = False
        self._opening: set[asyncio.Task[None]] = set()
        self._spare = os.open(os.devnull, os.O_RDONLY)
        self._shed = 0

    def listen(self, listeners: list[socket.socket]) -> None:
        """Start to take connections in."""
        self._listeners = listeners
        self._share.tell(0)
        for listener in listeners:
            listener.setblocking(False)
        self._accept_again()

    def line(self, environ: dict[str, Any]) -> Line:
        """Where the request waits for a thread."""
        method = environ["REQUEST_METHOD"]
        if (method, environ["PATH_INFO"]) in self._slow:
            return Line.ASIDE
        return Line.READ if method in _READING else Line.WRITE

    def sweep(self) -> None:
        """End what has passed its deadline."""
        now = self.loop.time()
        for connection in [c for c in self.connections if c.deadline <= now]:
            connection.expire()
        if self._shed:
            self.log.warning("out of file descriptors: turned %d connections away", self._shed)
            self._shed = 0
        self._accept_again()

    def opened(self, connection: Connection) -> None:
        """A connection has begun."""
        self.connections.add(connection)
        self._share.tell(len(self.connections))

    def closed(self, connection: Connection) -> None:
        """A connection has ended."""
        self.connections.discard(connection)
        if not self.stopping:
            self._share.tell(len(self.connections))
        self._accept_again()

    def stop(self) -> None:
        """Take in who has knocked already, then nobody; each connection may end what it has begun."""
        self.stopping = True
        self._share.leave()
        self._stopped_at = self.loop.time()
        for listener in self._listeners:
            while self._accept(listener):
                pass
        self._pause()
        self._listeners = []
        for connection in self.connections:
            connection.stop()

    def is_done(self) -> bool:
        """Whether nobody is left to be served."""
        return not self.connections and not self._opening

    def stopped_for(self, seconds: float) -> bool:
        """Whether the worker has been stopping for longer than this."""
        return self.stopping and self.loop.time() - self._stopped_at > seconds

    def close(self) -> None:
        """End every connection now."""
        for connection in tuple(self.connections):
            connection.abort()
        self.pool.close()

    def _accept_again(self) -> None:
        if not self._accepting and not self.stopping:
            self._accepting = True
            for listener in self._listeners:
                self.loop.add_reader(listener, self._knock, listener)

    def _pause(self) -> None:
        self._accepting = False
        for listener in self._listeners:
            self.loop.remove_reader(listener)

    def _knock(self, listener: socket.socket) -> None:
        """One at a time at first, so that workers on the same socket share a burst; then more, so that
        nobody who knocks waits a whole turn of a busy loop for each who knocked before."""
        if not self._has_yielded and self._share.is_ahead(self._taken()):
            self._has_yielded = True
            self._pause()
            self.loop.call_later(YIELD_SECONDS, self._accept_again)
            return
        self._has_yielded = False
        for _ in range(1 + len(self.connections) // 8):
            if not self._accept(listener):
                break

    def _accept(self, listener: socket.socket) -> bool:
        """Take one connection in, if there is one and a place for it."""
        if self._taken() >= self.limits.connections and not self._make_room():
            self._pause()  # others wait in the kernel's queue, or go to another worker
            return False
        try:
            client, _ = listener.accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                if not self._make_room():
                    self._turn_away(listener)
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED, errno.EINTR):
                self.log.warning("accept: %s", error)
                self._pause()
            return False
        client.setblocking(False)
        task = self.loop.create_task(self._open(client))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return True

    def _taken(self) -> int:
        return len(self.connections) + len(self._opening)

    async def _open(self, client: socket.socket) -> None:
        try:
            await self.loop.connect_accepted_socket(lambda: Connection(self), client)
        except OSError:
            client.close()  # it has gone already

    def _make_room(self) -> bool:
        """Close the connection that has waited longest for its client, if it has had time enough.

        So slow clients, however many, cannot keep others out: those are served within milliseconds.
        """
        waiting = [c for c in self.connections if c.is_waiting()]
        oldest = min(waiting, key=lambda c: c.since, default=None)
        if oldest is None or self.loop.time() - oldest.since < _PATIENCE:
            return False
        oldest.abort()
        return True

    def _turn_away(self, listener: socket.socket) -> None:
        """No descriptor is left: answer 503 on one kept for this, rather than let the client hang."""
        self._shed += 1
        if self._spare >= 0:
            os.close(self._spare)
            self._spare = -1
        try:
            client, peer = listener.accept()
            with client:
                client.setblocking(False)
                address = peer[0] if isinstance(peer, tuple) else ""
                client.send(self.refusals.answer("busy", {"REMOTE_ADDR": address}, seconds=0.0))
                client.shutdown(socket.SHUT_WR)
                client.recv(65_536)  # a request left unread would turn the close into a reset
        except OSError:
            pass
        try:
            self._spare = os.open(os.devnull, os.O_RDONLY)
        except OSError:
            self._pause()  # until the next sweep
