"""The connections of one worker: they are accepted, held to their deadlines, and ended."""

import asyncio
import errno
import os
import socket

from api.server.connection import Connection
from api.server.service import Service
from api.server.sharing import YIELD_SECONDS, Share

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PATIENCE = 0.3  # seconds for which a waiting connection keeps its place when others need it


class Server:
    """Serves an application on listening sockets, in the running event loop and a pool of threads."""

    def __init__(self, service: Service, share: Share) -> None:
        self._service = service
        self._loop = service.loop
        self._share = share
        self._connections: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._listeners: list[socket.socket] = []
        self._accepting = False
        self._has_yielded = False
        self._next_to_go: list[tuple[float, Connection]] = []  # and since when it waits; the first comes last
        self._spare = os.open(os.devnull, os.O_RDONLY)  # a descriptor to turn clients away with
        self._turned_away = 0

    def listen(self, listeners: list[socket.socket]) -> None:
        """Start to accept connections."""
        self._listeners = listeners
        self._share.report(0)
        for listener in listeners:
            listener.setblocking(False)
        self._resume_accepting()

    def sweep(self) -> None:
        """End what has passed its deadline."""
        now = self._loop.time()
        self._next_to_go = []
        for connection in [c for c in self._connections if c.watch.deadline <= now]:
            connection.expire()
        if self._turned_away:
            self._service.log.warning("out of file descriptors: turned %d clients away", self._turned_away)
            self._turned_away = 0
        self._resume_accepting()

    def stop(self) -> None:
        """Accept the clients that have already connected, then none; each may end what it has begun."""
        self._service.stopped_at = self._loop.time()
        self._share.leave()
        for listener in self._listeners:
            while self._accept(listener):
                pass
        self._pause_accepting()
        self._listeners = []
        for connection in self._connections:
            connection.stop()

    def is_done(self) -> bool:
        """Whether no client is left."""
        return not self._connections and not self._opening

    def close(self) -> None:
        """End every connection now."""
        for connection in tuple(self._connections):
            connection.abort()
        self._service.pool.close()

    def _opened(self, connection: Connection) -> None:
        self._connections.add(connection)
        if self._service.is_stopping:
            connection.stop()
        else:
            self._share.report(len(self._connections))

    def _closed(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if not self._service.is_stopping:
            self._share.report(len(self._connections))
        self._resume_accepting()

    def _resume_accepting(self) -> None:
        if not self._accepting and not self._service.is_stopping:
            self._accepting = True
            for listener in self._listeners:
                self._loop.add_reader(listener, self._accept_some, listener)

    def _pause_accepting(self) -> None:
        self._accepting = False
        for listener in self._listeners:
            self._loop.remove_reader(listener)

    def _accept_some(self, listener: socket.socket) -> None:
        """Accept one client at first, so that workers on the same socket share a burst; later more, so that
        none waits a whole turn of a busy loop for each of those before it."""
        if not self._has_yielded and self._share.is_ahead(self._places_taken()):
            self._has_yielded = True
            self._pause_accepting()
            self._loop.call_later(YIELD_SECONDS, self._resume_accepting)
            return
        self._has_yielded = False
        for _ in range(1 + len(self._connections) // 8):
            if not self._accept(listener):
                break

    def _accept(self, listener: socket.socket) -> bool:
        """Accept one client, if there is one and a place for it."""
        is_full = self._places_taken() >= self._service.limits.connections
        if is_full and (self._opening or not self._make_room()):  # one that opens moves less than any other
            self._pause_accepting()  # others wait in the kernel's queue, or go to another worker
            return False
        try:
            client, _ = listener.accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                if not self._make_room():
                    self._turn_away(listener)
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED, errno.EINTR):
                self._service.log.warning("accept: %s", error)
                self._pause_accepting()
            return False
        client.setblocking(False)
        task = self._loop.create_task(self._open(client))
        self._opening.add(task)
        task.add_done_callback(self._is_open)
        return True

    def _is_open(self, task: asyncio.Task[None]) -> None:
        self._opening.discard(task)
        self._resume_accepting()

    def _places_taken(self) -> int:
        return len(self._connections) + len(self._opening)

    async def _open(self, client: socket.socket) -> None:
        def connection() -> Connection:
            return Connection(self._service, opened=self._opened, closed=self._closed)

        try:
            await self._loop.connect_accepted_socket(connection, client)
        except OSError:
            client.close()  # it has left already

    def _make_room(self) -> bool:
        """Close the connection whose client moves least, and of those that do not move the oldest, if it has
        had time enough. So slow clients, however many and however slow, cannot keep others out.
        """
        if not self._next_to_go:
            waiting = [(c.watch.rate(), c.watch.waits_since(), c) for c in self._connections]
            waiting.sort(key=lambda one: one[:2])
            some = waiting[: 1 + len(waiting) // 16]  # to rank all of them for each would cost too much
            self._next_to_go = [(since, connection) for _, since, connection in reversed(some)]
        while self._next_to_go:
            since, connection = self._next_to_go[-1]
            if self._loop.time() - since < _PATIENCE:
                return False  # nor is anyone who moves more to go in its place
            self._next_to_go.pop()
            if connection in self._connections and connection.watch.waits_since() == since:
                connection.abort()
                return True
        return False

    def _turn_away(self, listener: socket.socket) -> None:
        """Answer 503 on the spare descriptor, since no other is left, rather than let the client hang."""
        self._turned_away += 1
        if self._spare >= 0:
            os.close(self._spare)
            self._spare = -1
        try:
            client, peer = listener.accept()
            with client:
                client.setblocking(False)
                address = peer[0] if isinstance(peer, tuple) else ""
                _, answer = self._service.refuse("busy", {"REMOTE_ADDR": address}, seconds=0.0)
                client.send(answer)
                client.shutdown(socket.SHUT_WR)
                client.recv(65_536)  # a request left unread would turn the close into a reset
        except OSError:
            pass
        try:
            self._spare = os.open(os.devnull, os.O_RDONLY)
        except OSError:
            self._pause_accepting()  # until the next sweep
