"""An open transaction: it runs statements, and gives all its rows the same instant."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import sqlalchemy as sa

from api import ids, times
from api.storage.failures import Busy, raise_wrapped
from api.storage.statements import Prepared
from api.times import Instant

_STEPS = 10_000
"""Instructions of SQLite between two looks at the clock: less than a millisecond."""

Row: TypeAlias = sa.Row[*tuple[Any, ...]]


class Transaction:
    """`connection` is SQLAlchemy's, for maintenance; the queries of requests do not need it.

    `sight_of` shows a record to the log of events, which the application sets on its database.
    """

    __slots__ = ("connection", "now", "sight_of")

    def __init__(self, connection: sa.Connection, now: Instant, sight_of: Callable[[Any], Any]) -> None:
        self.connection = connection
        self.now = now
        self.sight_of = sight_of

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    def new_id(self, prefix: str) -> str:
        """A new id such as `ord_01k…` of this instant, so that rows sort by id as by time."""
        return ids.new_id(prefix, times.moment(self.now))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block wrote if an error leaves it, and nothing else of the transaction."""
        with self.connection.begin_nested():
            yield

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Let the statements of the block take so long together in SQLite, or each in PostgreSQL; then Busy.

        The transaction reads, and ends with the block.
        """
        if seconds <= 0:
            raise Busy
        if self.dialect == "postgresql":
            self.connection.exec_driver_sql(f"SET LOCAL statement_timeout = {round(seconds * 1000) or 1}")
            yield
            return
        driver: Any = self.connection.connection.driver_connection
        ends = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        try:
            yield
        finally:
            driver.set_progress_handler(None, 0)

    def marked(self, token: str) -> str:
        """A new token as its owner gets it; where it is not valid for anything real, it says so."""
        return token

    def rows(self, statement: sa.Executable | Prepared, **values: Any) -> Sequence[Row]:
        """All rows of the result."""
        if isinstance(statement, Prepared):
            return statement.rows(self.connection, values)
        return self.connection.execute(statement, values).all()

    def row(self, statement: sa.Executable | Prepared, **values: Any) -> Row | None:
        """The first row, or None."""
        if isinstance(statement, Prepared):
            rows = statement.rows(self.connection, values)
            return rows[0] if rows else None
        return self.connection.execute(statement, values).first()

    def value(self, statement: sa.Executable | Prepared, **values: Any) -> Any:
        """The first column of the first row, or None."""
        if isinstance(statement, Prepared):
            rows = statement.rows(self.connection, values)
            return rows[0][0] if rows else None
        return self.connection.execute(statement, values).scalar()

    def run(self, statement: sa.Executable | Prepared, **values: Any) -> int:
        """Change rows; returns their number."""
        if isinstance(statement, Prepared):
            return statement.run(self.connection, values)
        return self.connection.execute(statement, values).rowcount

    def run_many(self, statement: sa.Executable | Prepared, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement once for each mapping in `rows`."""
        if not rows:
            return
        if isinstance(statement, Prepared):
            statement.run_many(self.connection, rows)
        else:
            self.connection.execute(statement, rows)

    def copy(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert the rows by PostgreSQL's COPY, twice as fast as INSERT."""
        cursor: Any = self.connection.connection.cursor()
        try:
            with cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise_wrapped(self.connection, error, statement, cursor)
