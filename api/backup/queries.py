"""The SQL of copies: every row of a database out, and into another, on either kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import exc

from api import sqlite
from api.backup.errors import CopyRefused
from api.backup.records import Column, Outline, Table
from api.storage import Integer, Text, Transaction, migrations

Row: TypeAlias = tuple[str | int | bytes | None, ...]

BATCH = 200
"""Rows in memory: an article with its HTML may be half a megabyte."""

_TYPES: dict[str, Any] = {"text": Text, "integer": Integer, "bytes": sa.LargeBinary}
_KINDS = {"TEXT": "text", "INTEGER": "integer", "BIGINT": "integer", "BLOB": "bytes"}
"""The kind of column for each of SQLite's types."""


@cache
def outline_at(revision: str) -> Outline:
    """The outline of a revision that `migrations.knows`.

    It is read from the migrations, run in memory, so that no table is forgotten. Tables that are derived from
    other rows, such as the words of a search, are left out: they are rebuilt.
    """
    engine = sa.create_engine("sqlite://", module=sqlite.driver)
    with engine.begin() as connection:
        migrations.run_on(connection, "upgrade", revision)
        stored = connection.execute(sa.text("PRAGMA main.table_list")).mappings().all()
        metadata = sa.MetaData()
        metadata.reflect(connection, only=[row["name"] for row in stored if _holds_rows(row)])
        tables = tuple(_table(table) for table in metadata.sorted_tables)
    engine.dispose()
    return Outline(revision, tables, frozenset(row["name"] for row in stored))


_NOT_COPIED = ("alembic_version", "mail_texts", "setup_links")
"""The texts of mails stay where they are: their links are as good as a password. So does the way to the first
owner of this very database."""


def _holds_rows(row: sa.RowMapping) -> bool:
    name = str(row["name"])
    return row["type"] == "table" and not name.startswith("sqlite_") and name not in _NOT_COPIED


def _table(table: sa.Table) -> Table:
    return Table(
        name=str(table.name),
        columns=tuple(Column(str(column.name), _KINDS[str(column.type)]) for column in table.columns),
        key=tuple(str(column.name) for column in table.primary_key),
        parents=tuple(str(key.parent.name) for key in table.foreign_keys if key.column.table is table),
    )


def list_table_names(tx: Transaction) -> set[str]:
    """The names of all tables."""
    return set(sa.inspect(tx.connection).get_table_names())


def count_rows(tx: Transaction, table: Table) -> int:
    """The number of rows."""
    return int(tx.value(sa.select(sa.func.count()).select_from(_stored(table))))


def list_rows(tx: Transaction, table: Table) -> Iterator[Row]:
    """Every row in order of its key, with one batch in memory at a time."""
    stored = _stored(table)
    in_order = sa.select(stored).order_by(*(stored.c[name] for name in table.key))
    result = tx.connection.execute(in_order, execution_options={"yield_per": BATCH})
    for batch in result.partitions():
        yield from map(tuple, batch)


def insert_rows(tx: Transaction, table: Table, rows: Iterable[Row]) -> Iterator[int]:
    """Insert the rows, which come in order of their key, and yield the count of each batch.

    A row that refers to a later one of its own table is inserted without that reference, which is set at the
    end: only such rows stay in memory. Raises CopyRefused for a row that breaks a constraint.
    """
    references: list[dict[str, Any]] = []
    insert = _copy if tx.dialect == "postgresql" else _insert
    remaining = iter(rows)
    try:
        while batch := list(islice(remaining, BATCH)):
            if table.parents:
                batch = [_without_later(table, row, references) for row in batch]
            insert(tx, table, batch)
            yield len(batch)
        if references:
            tx.run_many(_set_references(table), references)
    except (exc.IntegrityError, exc.DataError) as error:
        raise CopyRefused(f"The schema does not allow a row of {table.name}: {error.orig}") from error


def lock(tx: Transaction, tables: Sequence[Table]) -> None:
    """Lock out every other writer, as SQLite's transaction does by itself."""
    if tx.dialect == "postgresql":
        names = ", ".join(table.name for table in tables)
        tx.run(sa.text("SET LOCAL lock_timeout = '5s'"))
        tx.run(sa.text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def continue_numbering(tx: Transaction, table: Table) -> None:
    """Let the next number follow the highest, as SQLite does by itself; events may have negative ones."""
    if tx.dialect == "postgresql" and table.counter:
        numbers = sa.func.abs(_stored(table).c[table.counter])
        highest = sa.select(sa.func.coalesce(sa.func.max(numbers), 0) + 1)
        sequence = sa.func.pg_get_serial_sequence(table.name, table.counter)
        tx.run(sa.select(sa.func.setval(sequence, highest.scalar_subquery(), sa.false())))


def _without_later(table: Table, row: Row, references: list[dict[str, Any]]) -> Row:
    """The row without its references, which go to `references`, if one points to a row not inserted yet."""
    names = [column.name for column in table.columns]
    values: dict[str, Any] = dict(zip(names, row, strict=True))
    (key,) = table.key
    pointed = {name: values[name] for name in table.parents}
    if not any(to is not None and to >= values[key] for to in pointed.values()):
        return row
    references.append({"the_key": values[key]} | {f"to_{name}": to for name, to in pointed.items()})
    return tuple((values | dict.fromkeys(pointed)).values())


def _insert(tx: Transaction, table: Table, rows: list[Row]) -> None:
    names = [column.name for column in table.columns]
    tx.run_many(_statement(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copy(tx: Transaction, table: Table, rows: list[Row]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    tx.copy(f'COPY "{table.name}" ({names}) FROM STDIN', rows)


@cache
def _stored(table: Table) -> sa.TableClause:
    return sa.table(table.name, *(sa.column(column.name, _TYPES[column.kind]) for column in table.columns))


@cache
def _statement(table: Table) -> sa.Insert:
    return sa.insert(_stored(table))


@cache
def _set_references(table: Table) -> sa.Update:
    (key,) = table.key
    pointed: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in table.parents}
    stored = _stored(table)
    return sa.update(stored).where(stored.c[key] == sa.bindparam("the_key")).values(pointed)
