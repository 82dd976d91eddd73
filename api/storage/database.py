"""The database behind three doors: read() and write() for requests, maintenance() for everything else."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from api import times
from api.settings import Settings
from api.storage import engines, failures, private
from api.storage.connections import Connections
from api.storage.failures import Busy
from api.storage.group_commit import GroupCommit
from api.storage.transaction import Transaction
from api.times import Instant

LOCK_TIMEOUT = 5.0
"""Seconds that a transaction waits for its turn before it fails as Busy."""

_PAUSES = (0.01, 0.02, 0.04, 0.08, 0.16)
"""The most seconds before each further attempt of a transaction that another one undid."""

AWAITED = ("turn", "connection", "begin")
"""What a transaction may have to wait for: other writers of the process, the pool, the database itself."""
NOTICED = 0.001
"""Seconds below which a wait is not counted."""

Done = TypeVar("Done")


def _sight_of_nothing(thing: object) -> NoReturn:
    raise LookupError(f"no event can show a {type(thing).__name__}: set `sight_of` of the database")


class Gauge(Protocol):
    """Counts how a process uses its database."""

    def waited(self, awaited: str, seconds: float) -> None:
        """Count a wait for one of AWAITED, of at least NOTICED seconds."""

    def in_use(self, more: int) -> None:
        """Count connections that have begun a transaction or, if negative, have ended it."""


class Unmeasured:
    """A gauge that counts nothing, for commands and tests."""

    def waited(self, awaited: str, seconds: float) -> None:
        """Count nothing."""

    def in_use(self, more: int) -> None:
        """Count nothing."""


class Database:
    """Connections to one database, opened when first used, so that none is ever shared across a fork."""

    def __init__(
        self,
        url: str,
        *,
        synchronous: str = "full",
        connections: int = 5,
        patience: float = LOCK_TIMEOUT,
        clock: Callable[[], Instant] = times.now,
        gauge: Gauge = Unmeasured(),
        transaction: type[Transaction] = Transaction,
    ) -> None:
        self.clock = clock
        self.sight_of: Callable[[Any], Any] = _sight_of_nothing
        """The function that shows a record to the log of events; the application sets it."""
        self._kind = transaction
        self._opened = engines.opened(
            url, synchronous=synchronous, connections=connections, patience=patience
        )
        self.engine = self._opened.engine
        self._connections = Connections(self.engine, most=connections - 2)  # the cache asks the pool
        self._patience = patience
        one_writes = self.engine.dialect.name == "sqlite"
        self.queue = GroupCommit(self._close, partial(self._waited, "turn")) if one_writes else None
        self._here = threading.local()
        self._gauge = gauge

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A read-only transaction: all its queries see the same state."""
        with failures.translated(), self._begun() as connection:
            yield self._transaction(connection)

    @contextmanager
    def write(self, *, wait: float | None = None) -> Iterator[Transaction]:
        """A transaction that commits at the end of the block, or rolls back if the block raises.

        Raises Busy after `wait` seconds behind other writers; a short wait is for work that can be skipped.
        """
        with failures.translated(), self._committed(wait) as connection:
            yield self._transaction(connection)

    @contextmanager
    def rehearse(self) -> Iterator[Transaction]:
        """A transaction that may write and is always rolled back."""
        with failures.translated(), self._begun(write=True) as connection:
            yield self._transaction(connection)

    @contextmanager
    def maintenance(self, *, write: bool = False) -> Iterator[Transaction]:
        """A transaction without time limits, for the schema, backups and checks, not for requests.

        It sees one state; with `write` it commits at the end of the block, alone, or rolls back.
        """
        with failures.translated(), self._begun(write=write, unhurried=True) as connection:
            yield self._transaction(connection)
            if write:
                self._commit(connection)

    def attempt(self, act: Callable[[], Done], *, patience: float | None = None) -> Done:
        """Call `act`, and repeat it while its only transaction is undone in favour of another.

        PostgreSQL undoes one of two that wait for each other. Nothing is repeated after `patience` (by
        default those of any wait), nor once this thread has committed, or may have.
        """
        commits, began = self._commits(), time.monotonic()
        longest = self._patience if patience is None else patience
        for pause in _PAUSES:
            try:
                return act()
            except (Busy, exc.IntegrityError) as error:
                late = time.monotonic() - began >= longest
                if late or self._commits() != commits or not failures.is_race(error):
                    raise
            time.sleep(random.uniform(0, pause))  # noqa: S311  # so that two do not collide again
        return act()

    def now(self, reported: str | None) -> Instant:
        """The current instant: as `reported` by PostgreSQL, since clocks of nodes differ, or by our own."""
        return Instant(reported) if reported is not None and self.clock is times.now else self.clock()

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self._connections.close()
        self._opened.close()

    def _transaction(self, connection: sa.Connection) -> Transaction:
        return self._kind(connection, self.now(connection.info.get("now")), self.sight_of)

    @contextmanager
    def _committed(self, wait: float | None) -> Iterator[sa.Connection]:
        if self.queue is None:
            with self._begun(write=True, wait=wait) as connection:
                yield connection
                self._commit(connection)
        else:
            patience = self._patience if wait is None else wait
            with self.queue.member(partial(self._open, write=True, wait=wait), patience) as connection:
                yield connection
            self._here.commits = self._commits() + 1

    @contextmanager
    def _begun(self, **how: Any) -> Iterator[sa.Connection]:
        connection = self._open(**how)
        try:
            yield connection
        finally:
            self._close(connection)

    def _open(self, **how: Any) -> sa.Connection:
        try:
            connection = self._begin(**how)
        except exc.DBAPIError as error:
            if not error.connection_invalidated:
                raise
            connection = self._begin(**how)  # it was lost while idle in the pool, which has noticed now
        self._gauge.in_use(1)
        return connection

    def _close(self, connection: sa.Connection) -> None:
        self._gauge.in_use(-1)
        self._connections.give_back(connection)

    def _begin(self, **how: Any) -> sa.Connection:
        began = time.perf_counter()
        try:
            connection = self._connections.take()
        except OSError as error:  # psycopg has no file descriptor left to wait with
            raise Busy from error
        finally:
            self._waited("connection", began)
        began = time.perf_counter()
        try:
            connection.begin()
            self._opened.begin(connection, **how)
        except BaseException:
            self._connections.give_back(connection)
            raise
        finally:
            self._waited("begin", began)
        return connection

    def _commit(self, connection: sa.Connection) -> None:
        self._here.commits = self._commits() + 1
        try:
            connection.commit()
        except exc.DBAPIError as error:
            if failures.undid_all(error):
                self._here.commits -= 1
            raise

    def _waited(self, awaited: str, began: float) -> None:
        waited = time.perf_counter() - began
        if waited >= NOTICED:
            self._gauge.waited(awaited, waited)

    def _commits(self) -> int:
        """The number of commits by this thread."""
        return getattr(self._here, "commits", 0)


def open_database(settings: Settings, gauge: Gauge = Unmeasured()) -> Database:
    """The configured database; a missing folder of a SQLite file is created."""
    file = file_of(settings.database_url)
    if file is not None:
        private.make_folder_of(file)
    return Database(
        settings.database_url,
        synchronous=settings.synchronous,
        connections=settings.threads + 2,  # the event loop, and background work
        gauge=gauge,
    )


def file_of(url: str) -> Path | None:
    """The file of a SQLite database, or None."""
    parts = sa.make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def without_password(url: str) -> str:
    """The URL with its password masked."""
    return sa.make_url(url).render_as_string(hide_password=True)
