"""The change token of a database: it differs after every commit, and costs a cache less than any query."""

from __future__ import annotations

import threading
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa

from api import sqlite
from api.storage.database import Database
from api.times import Instant

Token: TypeAlias = str
"""A string that differs after every commit that changed something, in any process on any machine."""


class Changes(Protocol):
    """The source of tokens. A cache must take the token before it reads the data."""

    waits: bool
    """Whether `look` waits for another process, so that an event loop must not call it."""

    def look(self) -> tuple[Token, Instant] | None:
        """The current token and the database's own time; None if they are not available."""


def changes_of(db: Database) -> Changes:
    """The source for either kind of database; it connects when first used, in the worker after its fork."""
    return _SqliteChanges(db) if db.engine.dialect.name == "sqlite" else _PostgresqlChanges(db)


class _SqliteChanges:
    """PRAGMA data_version on a connection that does nothing else: 3 µs.

    The pragma is comparable on one connection only, so all threads share it.
    """

    waits = False

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._cursor: Any = None
        self._opened = 0

    def look(self) -> tuple[Token, Instant] | None:
        now = self._db.now(None)
        with self._lock:
            try:
                if self._cursor is None:
                    self._open()
                (version,) = self._cursor.execute("PRAGMA data_version").fetchone()
            except sqlite.driver.Error:
                self._cursor = None  # a new connection's version is not comparable with earlier ones
                return None
            return f"{self._opened}.{version}", now

    def _open(self) -> None:
        path = self._db.engine.url.database
        connection = sqlite.driver.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=1
        )
        self._cursor = connection.cursor()
        self._opened += 1


class _PostgresqlChanges:
    """The visible transactions, and the clock that all nodes share, in one trip of 0.1 ms."""

    waits = True
    _QUESTION = (
        b"SELECT pg_current_snapshot(),"
        b" to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    )

    def __init__(self, db: Database) -> None:
        self._db = db
        self._engine = db.engine
        # OSError: psycopg has no file descriptor left to wait with.
        self._refusals = (sa.exc.SQLAlchemyError, db.engine.dialect.loaded_dbapi.Error, OSError)

    def look(self) -> tuple[Token, Instant] | None:
        try:
            connection = self._engine.raw_connection()
            try:
                driver: Any = connection.driver_connection
                result = driver.pgconn.exec_(self._QUESTION)
                snapshot, now = result.get_value(0, 0), result.get_value(0, 1)
            finally:
                connection.close()
        except self._refusals:
            return None
        return (snapshot.decode(), self._db.now(now.decode())) if snapshot and now else None
