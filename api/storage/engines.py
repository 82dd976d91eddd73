"""The engines of SQLite and PostgreSQL: the settings of each connection, the start of each transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, ExceptionContext

from api import sqlite
from api.storage import failures, private

LONGEST_STATEMENT = 5.0
LONGEST_LOCK = 3.0
LONGEST_PAUSE = 10.0
"""PostgreSQL's limits in seconds for a statement, the wait for a lock, and an idle transaction."""

_SHORTEST, _LONGEST = 0.0002, 0.001
"""Bounds of the seconds between two attempts to write in SQLite: a twentieth of the wait so far."""

_CLOCK = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


class Begin(Protocol):
    """The start of a transaction, after SQLAlchemy's `begin`."""

    def __call__(
        self,
        connection: sa.Connection,
        *,
        write: bool = False,
        wait: float | None = None,
        unhurried: bool = False,
    ) -> None:
        """Begin to read or `write`; wait so many seconds for a lock; `unhurried`: without limits of time."""


@dataclass(frozen=True)
class Opened:
    """An engine with its own ways to begin a transaction and to close all.

    They are no listeners of the engine: SQLAlchemy would look for others at each step of every transaction.
    """

    engine: sa.Engine
    begin: Begin
    close: Callable[[], None]


def opened(url: str, *, synchronous: str, connections: int, patience: float) -> Opened:
    """An engine that has not connected yet; `patience` is the wait for a connection or a lock, in seconds."""
    pool: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": 2,
        "pool_timeout": patience,
        "pool_use_lifo": True,  # the connection used last has pages in its cache
    }
    if url.startswith("sqlite"):
        opened = _sqlite(url, synchronous, patience, **pool)
    else:
        opened = _postgresql(sa.make_url(url), min(patience, LONGEST_LOCK), **pool)
    event.listen(opened.engine, "handle_error", _drop_if_unusable)
    event.listen(opened.engine, "handle_error", _leave_values_out)
    return opened


def _sqlite(url: str, synchronous: str, patience: float, **pool: Any) -> Opened:
    engine = sa.create_engine(
        url, module=sqlite.driver, connect_args={"timeout": patience}, hide_parameters=True, **pool
    )
    # The last connection to close removes the log, and the next one must then write to the disk even to read.
    # So an idle connection stays open while those that saw the disk fail are replaced.
    idle: list[Any] = []

    @event.listens_for(engine, "do_connect")
    def make_private(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
        if engine.url.database != ":memory:":
            private.make_database(Path(arguments[0]))

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
            # Pages of 4 kB: a checkpoint costs as much as ten orders, each of which writes twenty or more.
            # More than 4,062 would need a second table to be looked up in.
            "wal_autocheckpoint = 4000",
            "journal_size_limit = 67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if not idle:
            _, _, path = connection.execute("PRAGMA database_list").fetchone()
            idle.append(sqlite.driver.connect(path, check_same_thread=False))
            idle[0].execute("SELECT 1 FROM sqlite_schema").fetchall()

    def close() -> None:
        engine.dispose()
        while idle:
            idle.pop().close()

    def begin(
        connection: sa.Connection,
        *,
        write: bool = False,
        wait: float | None = None,
        unhurried: bool = False,  # noqa: ARG001  # only PostgreSQL limits a statement
    ) -> None:
        # A read that turns into a write fails if another wrote meanwhile, so writers take the lock up front.
        try:
            if write:
                _begin_to_write(_driver(connection), wait=wait, patience=patience)
            else:
                _driver(connection).execute("BEGIN")  # through SQLAlchemy it would take 20 µs longer
        except sqlite.driver.Error as error:
            failures.raise_wrapped(connection, error, "BEGIN")

    return Opened(engine, begin, close)


def _begin_to_write(connection: Any, *, wait: float | None, patience: float) -> None:
    """Try often for `wait` seconds to get the lock; every other wait of the connection takes `patience`.

    SQLite itself would sleep longer and longer, up to 0.1 s: the longest waiter would be passed by newcomers
    while the lock is often free.
    """
    began, longest = time.monotonic(), patience if wait is None else wait
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite.driver.OperationalError as error:
                waited = time.monotonic() - began
                if not failures.is_locked(error) or waited >= longest:
                    raise
            else:
                return
            pause = min(max(_SHORTEST, waited / 20), _LONGEST)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # else two could collide again and again
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_milliseconds(patience)}")


def _postgresql(url: URL, patience: float, **pool: Any) -> Opened:
    limits = {
        "statement_timeout": LONGEST_STATEMENT,
        "lock_timeout": patience,
        "idle_in_transaction_session_timeout": LONGEST_PAUSE,
    }
    options = [f"-c {name}={_milliseconds(seconds)}" for name, seconds in limits.items()]
    options.append("-c synchronous_commit=on")
    options.extend(url.normalized_query.get("options", ()))  # the operator's come last and take precedence
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",  # our own BEGIN, not the driver's
        hide_parameters=True,
        connect_args={
            "application_name": "kiosque",
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,  # else a connection waits 15 minutes for a dead host
            "options": " ".join(options),
        },
        **pool,
    )

    def begin(
        connection: sa.Connection,
        *,
        write: bool = False,
        wait: float | None = None,
        unhurried: bool = False,
    ) -> None:
        # One round trip for the start, the limits and the clock that all nodes share.
        mode = "READ COMMITTED" if write else "REPEATABLE READ READ ONLY"
        statements = [f"BEGIN ISOLATION LEVEL {mode}"]
        if wait is not None:
            statements.append(f"SET LOCAL lock_timeout = {_milliseconds(wait)}")
        if unhurried:
            statements += (f"SET LOCAL {name} = 0" for name in limits)
        connection.info["now"] = _begin(connection, "; ".join((*statements, _CLOCK)))

    return Opened(engine, begin, engine.dispose)


def _begin(connection: sa.Connection, statements: str) -> str:
    """Run all of `statements` in one round trip; the value of the last one.

    SQLAlchemy and the driver's cursors take one at a time, and 30 µs longer.
    """
    import psycopg  # an extra

    try:
        result = _driver(connection).pgconn.exec_(statements.encode())
        if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
    except psycopg.Error as error:
        connection.engine.pool._invalidate(connection.connection, error)  # the whole pool is lost
        connection.invalidate(error)
        raise exc.OperationalError(statements, None, error, connection_invalidated=True) from error
    value: bytes = result.get_value(0, 0)
    return value.decode()


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _drop_if_unusable(context: ExceptionContext) -> None:
    if failures.leaves_connection_unusable(context.original_exception):
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = failures.leaves_none_usable(context.original_exception)


def _leave_values_out(context: ExceptionContext) -> None:
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    before = str(error)
    failures.leave_values_out(error)
    if wrapped is not None:  # it has copied the text
        wrapped.args = (str(wrapped.args[0]).replace(before, str(error)),)
