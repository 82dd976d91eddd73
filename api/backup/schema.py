"""What a database holds at a revision of its schema: its tables in an order in which they can be filled.

Read from the schema's own history, run in memory, so that no table can be forgotten and no database asked.
What is made from other rows (the words that a search looks up) is left out: it is made again.
"""

from __future__ import annotations

from functools import cache

import msgspec
import sqlalchemy as sa

from api import sqlite
from api.storage import migrations

KINDS = {"TEXT": "text", "INTEGER": "integer", "BIGINT": "integer", "BLOB": "bytes"}
"""What SQLite's types are called here."""


class Column(msgspec.Struct, frozen=True):
    """`kind` is text, integer or bytes."""

    name: str
    kind: str


class Table(msgspec.Struct, frozen=True):
    """`key` are the columns that order its rows, `parents` those that point into the table itself."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def counter(self) -> str | None:
        """The column that the database numbers by itself."""
        kinds = {column.name: column.kind for column in self.columns}
        return self.key[0] if len(self.key) == 1 and kinds[self.key[0]] == "integer" else None


class Outline(msgspec.Struct, frozen=True):
    """The tables of a revision, what others point to first; `furniture` is every table there is, and more."""

    revision: str
    tables: tuple[Table, ...]
    furniture: frozenset[str]


@cache
def outline_at(revision: str) -> Outline:
    """The outline of a revision that `migrations.knows`."""
    engine = sa.create_engine("sqlite://", module=sqlite.driver)
    with engine.begin() as connection:
        migrations.run_on(connection, "upgrade", revision)
        stored = connection.execute(sa.text("PRAGMA main.table_list")).mappings().all()
        metadata = sa.MetaData()
        metadata.reflect(connection, only=[row["name"] for row in stored if _holds_rows(row)])
        tables = tuple(_table(table) for table in metadata.sorted_tables)
    engine.dispose()
    return Outline(revision, tables, frozenset(row["name"] for row in stored))


def _holds_rows(row: sa.RowMapping) -> bool:
    return (
        row["type"] == "table" and not row["name"].startswith("sqlite_") and row["name"] != "alembic_version"
    )


def _table(table: sa.Table) -> Table:
    return Table(
        name=str(table.name),
        columns=tuple(Column(str(column.name), KINDS[str(column.type)]) for column in table.columns),
        key=tuple(str(column.name) for column in table.primary_key),
        parents=tuple(str(key.parent.name) for key in table.foreign_keys if key.column.table is table),
    )
