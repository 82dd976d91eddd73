"""Full-text search that both databases answer alike: our own words in, title hits before tags before body.

The words are folded, split and marked here; FTS5 and tsvector only store and intersect them. Each rank is a
question of its own, and its hits come in order of their numbers, so a page costs what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import sqlalchemy as sa
from sqlalchemy import event

from api.storage.statements import Prepared
from api.storage.tables import metadata
from api.storage.transaction import Transaction
from api.text.folding import bare

LONGEST_WORD = 64
MOST_WORDS = 32
"""Of a query; what comes after is left out."""

LONGEST_INDEXED, WORD_OVERHEAD = 1_000_000, 6
"""Bytes that PostgreSQL has for the words of one thing: texts of 200 kB fit, imports may be longer."""

_MARKS = ("«", "»", "")
"""Of words by the best place that holds them, title, tags or body: no word has these characters."""

_ALONE = "\u3040-\u30ff\u3400-\u9fff\U00020000-\U0010ffff"
_WORD = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_])+")
_IS_ALONE = re.compile(f"[{_ALONE}]")
_WORD_OF_SEVERAL = re.compile(r"[^\W_]+")
"""The same where nothing stands alone, found several times as fast."""


def words(text: str) -> list[str]:
    """The words of `text` in order: marks and case folded, split at all but letters and digits.

    Ideographs and kana are words by themselves, since nothing is written between them.
    """
    text = bare(text)
    pattern = _WORD if _IS_ALONE.search(text) else _WORD_OF_SEVERAL
    return [word[:LONGEST_WORD] for word in pattern.findall(text)]


@dataclass(frozen=True, slots=True)
class Hits:
    """The index in a statement: the `number` of each thing, and which of them `fit` the parameter `words`."""

    index: sa.TableClause
    number: sa.ColumnElement[int]
    joined: sa.ColumnElement[int]
    """The same for a join: hits lead to things, else SQLite may ask the index for each thing."""
    fit: sa.TextClause


class WordIndex:
    """The words of one kind of thing, by its number."""

    def __init__(self, name: str) -> None:
        self.name = name
        for dialect, statements in self.ddl().items():
            for statement in statements:
                ddl = sa.DDL(statement)  # type: ignore[no-untyped-call]
                event.listen(metadata, "after_create", ddl.execute_if(dialect=dialect))

    def ddl(self) -> dict[str, tuple[str, ...]]:
        """What creates the index, by dialect."""
        return {
            "sqlite": (
                f"CREATE VIRTUAL TABLE {self.name}"
                " USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)",
            ),
            "postgresql": (
                # For a common word it walks through the rows, so their words lie in them; for a rare one it
                # asks the index below. It has to know which words are common.
                f"CREATE TABLE {self.name} (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"
                " WITH (toast_tuple_target = 8160)",
                f"ALTER TABLE {self.name} ALTER words SET STATISTICS 500",
                f"CREATE INDEX ix_{self.name}_words ON {self.name} USING gin (words)",
            ),
        }

    def put(self, tx: Transaction, number: int, *, title: str, tags: Iterable[str], body: str) -> None:
        """Replace the words of the thing with that number."""
        kept = _marked(_fitting((title, " ".join(tags), body)))
        if tx.dialect == "postgresql":
            kept = [f"'{word}'" for word in kept]
        tx.run(_statements(self.name, tx.dialect)["put"], number=number, words=" ".join(kept))

    def move(self, tx: Transaction, number: int, *, to: int) -> None:
        """Change the number of a thing."""
        tx.run(_statements(self.name, tx.dialect)["move"], number=number, to=to)

    def remove(self, tx: Transaction, number: int) -> None:
        """Remove the words of the thing with that number."""
        tx.run(_statements(self.name, tx.dialect)["remove"], number=number)

    def hits(self, dialect: str) -> Hits:
        """The index to join and to order by."""
        if dialect == "sqlite":
            index = sa.table(self.name, sa.column("rowid", sa.BigInteger))
            joined: sa.ColumnElement[int] = sa.literal_column(f"+{self.name}.rowid", sa.BigInteger)
            return Hits(index, index.c.rowid, joined, sa.text(f"{self.name} MATCH :words"))
        index = sa.table(self.name, sa.column("number", sa.BigInteger))
        fit = sa.text(f"{self.name}.words @@ CAST(:words AS tsquery)")
        return Hits(index, index.c.number, index.c.number, fit)

    def queries(self, text: str, dialect: str) -> Sequence[str]:
        """The parameter `words` for each rank of a person's query; none if the query has no words.

        First come those whose title holds all words, then those that need their tags for it, then the others.
        """
        terms = list(dict.fromkeys(words(text)))[:MOST_WORDS]
        if not terms:
            return ()
        quote, both, either = ('"', " AND ", " OR ") if dialect == "sqlite" else ("'", " & ", " | ")

        def some(words: Iterable[str]) -> str:
            return f"({either.join(f'{quote}{word}{quote}' for word in words)})"

        ranks = []
        for rank, mark in enumerate(_MARKS):
            anywhere = [some(better + word for better in _MARKS[: rank + 1]) for word in terms]
            # One of them is in no better place, else all would be.
            worst = some(mark + word for word in terms)
            ranks.append(worst if len(terms) == 1 else both.join((worst, *anywhere) if rank else anywhere))
        return ranks


def _fitting(texts: Iterable[str]) -> list[list[str]]:
    """The different words of each text, sorted, as far as they fit."""
    left, fields = LONGEST_INDEXED, []
    for text in texts:
        kept = list(dict.fromkeys(words(text)))
        if (size := _size(kept)) > left:
            sizes = accumulate(_size([word]) for word in kept)
            kept = [word for word, size in zip(kept, sizes, strict=True) if size <= left]
            size = left
        left -= size
        fields.append(sorted(kept))
    return fields


def _size(words: Sequence[str]) -> int:
    return len("".join(words).encode()) + WORD_OVERHEAD * len(words)


def _marked(fields: list[list[str]]) -> list[str]:
    """Each word once, with the mark of the first field that holds it."""
    title, tags, body = (dict.fromkeys(field, mark) for mark, field in zip(_MARKS, fields, strict=True))
    return [mark + word for word, mark in (body | tags | title).items()]


@cache
def _statements(name: str, dialect: str) -> dict[str, Prepared]:
    # The name is a constant of this code, never a client's.
    if dialect == "sqlite":
        key = "rowid"
        put = f"INSERT OR REPLACE INTO {name} (rowid, words) VALUES (:number, :words)"  # noqa: S608
    else:
        key = "number"
        put = (
            f"INSERT INTO {name} (number, words) VALUES (:number, CAST(:words AS tsvector))"  # noqa: S608
            " ON CONFLICT (number) DO UPDATE SET words = excluded.words"
        )
    return {
        "put": Prepared(sa.text(put)),
        "move": Prepared(sa.text(f"UPDATE {name} SET {key} = :to WHERE {key} = :number")),  # noqa: S608
        "remove": Prepared(sa.text(f"DELETE FROM {name} WHERE {key} = :number")),  # noqa: S608
    }
