"""Connections between two transactions, at hand at once.

SQLAlchemy's pool takes longer to take one back and to hand it out than many a transaction needs in SQLite. So
idle connections stay outside it, and go back there only if there are many, if somebody waits for one, or if
one has failed.
"""

from __future__ import annotations

import threading

import sqlalchemy as sa


class Connections:
    """Those of an engine; each is used by one thread at a time. At most `most` are idle here."""

    def __init__(self, engine: sa.Engine, *, most: int) -> None:
        self._engine = engine
        self._most = most
        self._lock = threading.Lock()
        self._idle: list[sa.Connection] = []  # the last one was used last, and has pages in its cache
        self._sound: set[sa.Connection] = set()  # opened since one has failed
        self.awaited = 0
        """How many wait for one."""

    def take(self) -> sa.Connection:
        """An idle connection, or a new one; waits for one as the pool does."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            self.awaited += 1
        try:
            connection = self._engine.connect()
        finally:
            with self._lock:
                self.awaited -= 1
        self._sound.add(connection)
        return connection

    def give_back(self, connection: sa.Connection) -> None:
        """Roll back what is not committed, and keep the connection for the next who takes one."""
        if connection.invalidated:
            self.close()
        else:
            try:
                connection.rollback()
            except BaseException:
                self.close()
                connection.close()
                raise
        with self._lock:
            if connection in self._sound and not self.awaited and len(self._idle) < self._most:
                self._idle.append(connection)
                return
        self._sound.discard(connection)
        connection.close()

    def close(self) -> None:
        """Return every idle connection to the pool, which knows which to close, and later those in use."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._sound.clear()
        for connection in idle:
            connection.close()
