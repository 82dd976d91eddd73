"""The outline of a database: the tables of its schema, in an order in which they can be filled."""

from __future__ import annotations

import msgspec


class Column(msgspec.Struct, frozen=True):
    """`kind` is text, integer or bytes."""

    name: str
    kind: str


class Table(msgspec.Struct, frozen=True):
    """`key` are the columns that order its rows, `parents` those that refer to the table itself."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def counter(self) -> str | None:
        """The column that the database numbers automatically."""
        kinds = {column.name: column.kind for column in self.columns}
        return self.key[0] if len(self.key) == 1 and kinds[self.key[0]] == "integer" else None


class Outline(msgspec.Struct, frozen=True):
    """The tables of a revision, referenced ones first; `furniture` adds those that are not copied."""

    revision: str
    tables: tuple[Table, ...]
    furniture: frozenset[str]
