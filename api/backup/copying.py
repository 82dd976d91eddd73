"""The copy of all rows into an empty database, committed only if every row reads back the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

import msgspec

from api.articles.writing import indexing as article_indexing
from api.backup import queries
from api.backup.errors import CopyRefused
from api.backup.queries import Row, outline_at
from api.backup.records import Outline, Table
from api.shop.items import indexing as item_indexing
from api.storage import Transaction, migrations

Watch: TypeAlias = Callable[[str, int], None]
"""A callback for progress: the table, and the number of rows."""

encode = msgspec.json.Encoder().encode


class Tally:
    """The number of rows and their SHA-256: equal only for the same rows in the same order."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """Count a row: its JSON with the newline."""
        self.rows += 1
        self._digest.update(line)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and (self.rows, self.sha256) == (other.rows, other.sha256)

    __hash__ = None  # type: ignore[assignment]  # it changes


Tallies: TypeAlias = dict[str, Tally]
"""By table."""


class Source(Protocol):
    """The source of the rows: a backup or another database."""

    outline: Outline

    def rows(self, table: Table, tally: Tally) -> Iterable[Row]:
        """The rows of `table` in order of its key, each added to `tally`; called for the tables in order."""


class Snapshot:
    """One state of a database as the source."""

    def __init__(self, tx: Transaction) -> None:
        revision = migrations.revision_of(tx)
        if revision is None:
            raise CopyRefused("The database is empty: it has no schema, so there is nothing to copy.")
        if not migrations.knows(revision):
            raise CopyRefused(
                f"The database has schema {revision}, which this Kiosque does not know: update Kiosque."
            )
        self.outline = outline_at(revision)
        self._tx = tx

    def rows(self, table: Table, tally: Tally) -> Iterable[Row]:
        """The stored rows of a table."""
        for row in queries.list_rows(self._tx, table):
            tally.add(encode(row) + b"\n")
            yield row


def fill(tx: Transaction, source: Source, watch: Watch) -> Tallies:
    """Copy everything into the empty database, and bring its schema up to date.

    Raises CopyRefused if it is not empty, or if a stored row differs from the source.
    """
    _prepare(tx, source.outline)
    tallies = {table.name: _copy(tx, table, source, watch) for table in source.outline.tables}
    migrations.run_on(tx.connection, "upgrade", "head")
    for words, indexing in (("words of articles", article_indexing), ("words of items", item_indexing)):
        for count in indexing.index_all(tx):
            watch(words, count)
    return tallies


def _prepare(tx: Transaction, outline: Outline) -> None:
    """Give an empty database the schema of the source."""
    names = queries.list_table_names(tx)
    revision = migrations.revision_of(tx)
    if revision is None and names:
        raise _holds(sorted(names))
    if revision is not None:
        if not migrations.knows(revision):
            raise _holds([f"schema {revision}"])
        _check_empty(tx, outline_at(revision), names)
    if revision == outline.revision:
        return
    if revision is not None:
        migrations.run_on(tx.connection, "downgrade", "base")
    migrations.run_on(tx.connection, "upgrade", outline.revision)


def _check_empty(tx: Transaction, outline: Outline, names: set[str]) -> None:
    foreign = names - outline.furniture
    if foreign:
        raise _holds(sorted(foreign))
    queries.lock(tx, outline.tables)
    counts = {table.name: queries.count_rows(tx, table) for table in outline.tables}
    if any(counts.values()):
        raise _holds([f"{name} ({count})" for name, count in counts.items() if count])


def _holds(what: list[str]) -> CopyRefused:
    shown = ", ".join(what[:5]) + (", …" if len(what) > 5 else "")
    return CopyRefused(f"The database is not empty: it contains {shown}. Copy into an empty one.")


def _copy(tx: Transaction, table: Table, source: Source, watch: Watch) -> Tally:
    expected, stored = Tally(), Tally()
    watch(table.name, 0)
    for count in queries.insert_rows(tx, table, source.rows(table, expected)):
        watch(table.name, count)
    for row in queries.list_rows(tx, table):
        stored.add(encode(row) + b"\n")
    if stored != expected:
        raise CopyRefused(
            f"{table.name} does not read back the same: {expected.rows} rows copied, {stored.rows} stored."
        )
    queries.continue_numbering(tx, table)
    return expected
