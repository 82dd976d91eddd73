"""Full-text search that both databases answer alike: our own words in, title hits before tags before body.

The words are folded and split here; FTS5 and tsvector only store and intersect them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from api.database import Transaction, metadata

LONGEST_WORD = 64
MOST_WORDS = 32
"""Of a query; what comes after is left out."""

LONGEST_INDEXED, WORD_OVERHEAD = 1_000_000, 6
"""Bytes that PostgreSQL has for the words of one thing: texts of 200 kB fit, imports may be longer."""

_UNDECOMPOSED = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
_ODD = re.compile(f"[{''.join(_UNDECOMPOSED)}]|[\u0300-\U0010ffff]")
_ALONE = "\u3040-\u30ff\u3400-\u9fff\U00020000-\U0010ffff"
_WORD = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_])+")


def words(text: str) -> list[str]:
    """The words of `text` in order: accents and case folded, split at all but letters and digits.

    Ideographs and kana are words by themselves, since nothing is written between them.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    return [word[:LONGEST_WORD] for word in _WORD.findall(_ODD.sub(_plain, folded))]


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
                " USING fts5(title, tags, body, tokenize = 'ascii', detail = 'column')",
            ),
            "postgresql": (
                f"CREATE TABLE {self.name} (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
                f"CREATE INDEX ix_{self.name}_words ON {self.name} USING gin (words)",
            ),
        }

    def put(self, tx: Transaction, number: int, *, title: str, tags: Iterable[str], body: str) -> None:
        """Index the thing of that number anew."""
        self.remove(tx, number)
        fields = _fitting((title, " ".join(tags), body))
        if tx.dialect == "sqlite":
            values = dict(zip(("title", "tags", "body"), map(" ".join, fields), strict=True))
        else:
            values = {"words": _tsvector(*fields)}
        tx.run(_statements(self.name, tx.dialect)["put"], number=number, **values)

    def remove(self, tx: Transaction, number: int) -> None:
        """Forget the thing of that number."""
        tx.run(_statements(self.name, tx.dialect)["remove"], number=number)

    def hits(self, dialect: str) -> sa.CTE:
        """`number` and `rank` (0 when the title holds all words, 1 with the tags, 2 with the body).

        Takes the parameters that `query` makes. Found once and kept, else SQLite asks the index for each row
        of what it is joined with.
        """
        hits: sa.CTE = _statements(self.name, dialect)["hits"]
        return hits

    def query(self, text: str, dialect: str) -> dict[str, str] | None:
        """The parameters of `hits` for what a person typed; None when it holds no word at all."""
        wanted = list(dict.fromkeys(words(text)))[:MOST_WORDS]
        if not wanted:
            return None
        if dialect == "sqlite":
            every = " AND ".join(f'"{word}"' for word in wanted)
            return {
                "in_title": f"{{title}} : ({every})",
                "in_tags": f"{{title tags}} : ({every})",
                "anywhere": every,
            }
        return {
            name: " & ".join(f"'{word}'{weight}" for word in wanted)
            for name, weight in (("in_title", ":A"), ("in_tags", ":AB"), ("anywhere", ""))
        }


def _fitting(texts: Iterable[str]) -> list[list[str]]:
    """The different words of each text, sorted, as far as they fit."""
    left, fields = LONGEST_INDEXED, []
    for text in texts:
        fields.append(kept := list[str]())
        for word in dict.fromkeys(words(text)):
            left -= len(word.encode()) + WORD_OVERHEAD
            if left < 0:
                break
            kept.append(word)
        kept.sort()
    return fields


def _plain(found: re.Match[str]) -> str:
    character = found[0]
    return "" if unicodedata.combining(character) else _UNDECOMPOSED.get(character, character)


def _tsvector(title: list[str], tags: list[str], body: list[str]) -> str:
    weights = dict.fromkeys(body, "D") | dict.fromkeys(tags, "B") | dict.fromkeys(title, "A")
    return " ".join(f"'{word}':1{weight}" for word, weight in weights.items())


@cache
def _statements(name: str, dialect: str) -> dict[str, Any]:
    # The name is a constant of this code, never a client's.
    if dialect == "sqlite":
        put = f"INSERT INTO {name} (rowid, title, tags, body) VALUES (:number, :title, :tags, :body)"  # noqa: S608
        key, match = "rowid", f"{name} MATCH"
    else:
        put = f"INSERT INTO {name} (number, words) VALUES (:number, CAST(:words AS tsvector))"  # noqa: S608
        key, match = "number", "words @@"
    cast = "{}" if dialect == "sqlite" else "CAST({} AS tsquery)"
    inside = f"{key} IN (SELECT {key} FROM {name} WHERE {match} {{}})"  # noqa: S608
    hits = sa.text(
        f"SELECT {key} AS number, CASE WHEN {inside.format(cast.format(':in_title'))} THEN 0"  # noqa: S608
        f" WHEN {inside.format(cast.format(':in_tags'))} THEN 1 ELSE 2 END AS rank"
        f" FROM {name} WHERE {match} {cast.format(':anywhere')}"
    )
    return {
        "put": sa.text(put),
        "remove": sa.text(f"DELETE FROM {name} WHERE {key} = :number"),  # noqa: S608
        "hits": hits.columns(sa.column("number", sa.BigInteger), sa.column("rank", sa.Integer))
        .cte("hits")
        .prefix_with("MATERIALIZED"),
    }
