"""Tells whether the database has changed since one last looked, for much less than a query."""

from __future__ import annotations

import threading
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa

from api import sqlite
from api.storage.database import Database
from api.times import Instant

Token: TypeAlias = str
"""Another one after every commit that changed something, by whichever process on whichever machine."""


class Changes(Protocol):
    """What a cache asks before it answers. The token must be taken before the data are read."""

    waits: bool
    """Whether asking takes a trip to another process, and so is nothing for an event loop."""

    def look(self) -> tuple[Token, Instant] | None:
        """The token and the database's own time at this moment; None when it cannot tell."""


def changes_of(db: Database) -> Changes:
    """For either kind of database; connects when first asked, so in the worker and not before its fork."""
    return _SqliteChanges(db) if db.engine.dialect.name == "sqlite" else _PostgresqlChanges(db)


class _SqliteChanges:
    """PRAGMA data_version on a connection that does nothing else: 3 µs.

    It compares on one connection only, so all threads share it.
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
                self._cursor = None  # what a new connection says compares with nothing before
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
        # OSError: psycopg has no descriptor left to wait with.
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
