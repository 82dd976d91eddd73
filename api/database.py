"""The database behind two doors: read() sees one state, write() changes it whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import event, exc

from api import sqlite, times
from api.errors import Unavailable
from api.settings import Settings
from api.times import Instant

LOCK_TIMEOUT = 5.0
"""Seconds that a transaction waits for its turn before the client is told to come back."""

Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text compared by code point, so that both databases sort, page and compare alike."""

Integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits on both databases."""

Row: TypeAlias = sa.Row[*tuple[Any, ...]]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Busy(Unavailable):
    """Another writer holds the database, or every connection is in use, and the wait was too long."""

    code = "busy"
    title = "Busy"
    remedy = "Try again after Retry-After seconds, with the same Idempotency-Key."
    retry_after = 1


class StorageUnavailable(Unavailable):
    """The disk is full, failing or read-only: reads go on, writes wait."""

    code = "storage-unavailable"
    title = "Storage unavailable"
    remedy = "Try again later with the same Idempotency-Key; `kiosque check` tells the operator the cause."
    retry_after = 5


class Transaction:
    """One open transaction: statements in, rows out, and the one instant that all its rows share."""

    __slots__ = ("_connection", "now")

    def __init__(self, connection: sa.Connection, now: Instant) -> None:
        self._connection = connection
        self.now = now

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def rows(self, statement: sa.Executable, **values: Any) -> Sequence[Row]:
        """All rows of the answer."""
        return self._connection.execute(statement, values).all()

    def row(self, statement: sa.Executable, **values: Any) -> Row | None:
        """The first row, or None."""
        return self._connection.execute(statement, values).first()

    def value(self, statement: sa.Executable, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(statement, values).scalar()

    def run(self, statement: sa.Executable, **values: Any) -> int:
        """Change rows; says how many."""
        return self._connection.execute(statement, values).rowcount

    def run_many(self, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Change once for each mapping of `rows`; nothing for none."""
        if rows:
            self._connection.execute(statement, rows)


class Database:
    """Connections to one database, opened when first used, so that none is ever shared across a fork."""

    def __init__(
        self,
        url: str,
        *,
        synchronous: str = "full",
        connections: int = 5,
        clock: Callable[[], Instant] = times.now,
    ) -> None:
        self.clock = clock
        self.engine = _engine(url, synchronous, connections)
        self._writing = self.engine.execution_options(write=True)
        # SQLite's busy handler sleeps and can starve a thread for a second: writers of a process queue here.
        self._turn = threading.Lock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state and changes nothing."""
        with _refusals(), self.engine.connect() as connection:
            yield Transaction(connection, self.clock())

    @contextmanager
    def write(self, *, wait: float = LOCK_TIMEOUT) -> Iterator[Transaction]:
        """A transaction that commits at the end of the block, or rolls back when an error leaves it.

        Busy after `wait` seconds behind other writers: shorter only for what may as well be left undone.
        """
        writing = self._writing if wait == LOCK_TIMEOUT else self._writing.execution_options(wait=wait)
        with self._next_writer(wait), _refusals(), writing.begin() as connection:
            yield Transaction(connection, self.clock())

    @contextmanager
    def rehearse(self) -> Iterator[Transaction]:
        """A transaction that may change everything and leaves no trace of it."""
        with self._next_writer(LOCK_TIMEOUT), _refusals(), self._writing.connect() as connection:
            yield Transaction(connection, self.clock())

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()

    @contextmanager
    def _next_writer(self, wait: float) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=wait):
            raise Busy
        try:
            yield
        finally:
            self._turn.release()


def open_database(settings: Settings) -> Database:
    """The configured database; the folder of a SQLite file is made (mode 0700) when it is missing."""
    path = sa.make_url(settings.database_url).database
    if settings.database_url.startswith("sqlite") and path is not None:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Database(settings.database_url, synchronous=settings.synchronous, connections=settings.threads + 1)


def _engine(url: str, synchronous: str, connections: int) -> sa.Engine:
    pool: dict[str, Any] = {"pool_size": connections, "max_overflow": 2, "pool_timeout": LOCK_TIMEOUT}
    if not url.startswith("sqlite"):
        return sa.create_engine(_with_driver(url), **pool)
    engine = sa.create_engine(url, module=sqlite.driver, connect_args={"timeout": LOCK_TIMEOUT}, **pool)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy begins, not the driver
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "cache_size = -2000",
            "temp_store = MEMORY",
            "journal_size_limit = 67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A read that turns into a write fails at once when another wrote meanwhile: writers say so up front.
        options = connection.get_execution_options()
        if "wait" not in options:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write") else "BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {options['wait'] * 1000:.0f}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {LOCK_TIMEOUT * 1000:.0f}")

    return engine


def _with_driver(url: str) -> str:
    return "postgresql+psycopg://" + url.partition("://")[2]


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what a database says of itself into Busy or StorageUnavailable."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Busy from error
    except exc.DBAPIError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: exc.DBAPIError) -> Unavailable | None:
    if isinstance(error, exc.IntegrityError):
        return None
    said = str(error.orig).lower()
    if "locked" in said or "busy" in said:
        return Busy()
    storage = ("disk", "readonly", "read-only", "unable to open", "malformed", "not a database")
    if error.connection_invalidated or any(word in said for word in storage):
        return StorageUnavailable()
    return None
