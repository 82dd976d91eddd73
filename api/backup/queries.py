"""The SQL of copies: one state of a whole database out, rows in; the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

import sqlalchemy as sa

from api.backup.schema import Table
from api.storage import Integer, Text, Transaction

Row: TypeAlias = tuple[str | int | bytes | None, ...]

AT_ONCE = 200
"""Rows in memory: an article and what is made of it may be half a megabyte."""

_TYPES: dict[str, Any] = {"text": Text, "integer": Integer, "bytes": sa.LargeBinary}


def list_table_names(tx: Transaction) -> set[str]:
    """Every table there is."""
    return set(sa.inspect(tx.connection).get_table_names())


def count_rows(tx: Transaction, table: Table) -> int:
    """How many rows there are."""
    return int(tx.value(sa.select(sa.func.count()).select_from(_stored(table))))


def list_rows(tx: Transaction, table: Table) -> Iterator[Row]:
    """Every row in order of its key, few of them in memory at a time."""
    stored = _stored(table)
    in_order = sa.select(stored).order_by(*(stored.c[name] for name in table.key))
    result = tx.connection.execute(in_order, execution_options={"yield_per": AT_ONCE})
    for some in result.partitions():
        yield from map(tuple, some)


def insert_rows(tx: Transaction, table: Table, rows: Iterable[Row]) -> Iterator[int]:
    """Store the rows, which come in order of their key; yields how many at each step.

    A row that points to a later one of its own table is stored without, and told at the end: no more rows
    than those are kept in mind.
    """
    forward: list[dict[str, Any]] = []
    store = _copy if tx.dialect == "postgresql" else _insert
    coming = iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        if table.parents:
            some = [_without_later(table, row, forward) for row in some]
        store(tx, table, some)
        yield len(some)
    if forward:
        tx.run_many(_point(table), forward)


def lock(tx: Transaction, tables: Sequence[Table]) -> None:
    """Keep every other writer out; SQLite does by itself."""
    if tx.dialect == "postgresql":
        names = ", ".join(table.name for table in tables)
        tx.run(sa.text("SET LOCAL lock_timeout = '5s'"))
        tx.run(sa.text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def continue_numbering(tx: Transaction, table: Table) -> None:
    """Let the next number follow the highest; SQLite looks by itself."""
    if tx.dialect == "postgresql" and table.counter:
        highest = sa.select(sa.func.coalesce(sa.func.max(_stored(table).c[table.counter]), 0) + 1)
        sequence = sa.func.pg_get_serial_sequence(table.name, table.counter)
        tx.run(sa.select(sa.func.setval(sequence, highest.scalar_subquery(), sa.false())))


def _without_later(table: Table, row: Row, forward: list[dict[str, Any]]) -> Row:
    """The row without what it points to, told in `forward`, when that is not stored yet."""
    names = [column.name for column in table.columns]
    values: dict[str, Any] = dict(zip(names, row, strict=True))
    (key,) = table.key
    pointed = {name: values[name] for name in table.parents}
    if not any(to is not None and to >= values[key] for to in pointed.values()):
        return row
    forward.append({"the_key": values[key]} | {f"to_{name}": to for name, to in pointed.items()})
    return tuple((values | dict.fromkeys(pointed)).values())


def _insert(tx: Transaction, table: Table, rows: list[Row]) -> None:
    names = [column.name for column in table.columns]
    tx.run_many(_statement(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copy(tx: Transaction, table: Table, rows: list[Row]) -> None:
    """Twice as fast as INSERT."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    connection = tx.connection
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, statement, None, cursor, None)  # without the rows


@cache
def _stored(table: Table) -> sa.TableClause:
    return sa.table(table.name, *(sa.column(column.name, _TYPES[column.kind]) for column in table.columns))


@cache
def _statement(table: Table) -> sa.Insert:
    return sa.insert(_stored(table))


@cache
def _point(table: Table) -> sa.Update:
    (key,) = table.key
    pointed: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in table.parents}
    stored = _stored(table)
    return sa.update(stored).where(stored.c[key] == sa.bindparam("the_key")).values(pointed)
