"""Searches cost what they show: articles are numbered in the order of lists, and words marked by their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ARTICLES, ITEMS = "article_words", "item_words"
Row: TypeAlias = Sequence[Any]

MARKS = ("«", "»", "")
"""Of a word of the title, of tags, of the body."""

AT_ONCE = 200

# Sixteen numbers a millisecond of a calendar whose months have 31 days; of one instant, one after the other.
NUMBERED = """
    WITH parts AS (
        SELECT number, listed_at, id,
               (CAST(substr(listed_at, 1, 4) AS BIGINT) * 12 + CAST(substr(listed_at, 6, 2) AS BIGINT) - 1) * 31
                   + CAST(substr(listed_at, 9, 2) AS BIGINT) - 1 AS days,
               (CAST(substr(listed_at, 12, 2) AS BIGINT) * 60 + CAST(substr(listed_at, 15, 2) AS BIGINT)) * 60
                   + CAST(substr(listed_at, 18, 2) AS BIGINT) AS seconds,
               CAST(substr(listed_at, 21, 3) AS BIGINT) AS milliseconds
          FROM articles
    ),
    ordered AS (
        SELECT number, ((days * 86400 + seconds) * 1000 + milliseconds) * 16 AS place,
               row_number() OVER (ORDER BY listed_at, id) AS position
          FROM parts
    )
    SELECT number AS old, max(place - position) OVER (ORDER BY position) + position AS new FROM ordered
"""
COUNTED = "SELECT number AS old, row_number() OVER (ORDER BY id) AS new FROM articles"
END = sa.text("SELECT max(new) FROM (SELECT new FROM numbered WHERE new > :after ORDER BY new LIMIT :most) s")
RENUMBER = sa.text(
    "UPDATE articles SET number = (SELECT new FROM numbered WHERE old = number)"
    " WHERE number IN (SELECT old FROM numbered WHERE new > :after AND new <= :end)"
)
SAME = "SELECT number AS old, number AS new FROM items"

MARKED = """
    SELECT coalesce(array_agg(
               CASE WHEN 'A' = ANY (weights) THEN '«' WHEN 'B' = ANY (weights) THEN '»' ELSE '' END || lexeme
           ), '{}') FROM unnest(words)
"""
WEIGHED = """
    SELECT coalesce(string_agg(
               '''' || ltrim(lexeme, '«»') || ''':' ||
               CASE left(lexeme, 1) WHEN '«' THEN '1A' WHEN '»' THEN '1B' ELSE '1' END, ' '
           ), '') FROM unnest(words)
"""


def upgrade() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    if postgresql:
        op.execute("ALTER TABLE articles ALTER COLUMN number DROP DEFAULT")
        op.execute("DROP SEQUENCE articles_number_seq")
    for index, numbers in ((ARTICLES, NUMBERED), (ITEMS, SAME)):
        with _numbered(index, numbers):
            if postgresql:
                op.execute(f"ALTER TABLE {index} SET (toast_tuple_target = 8160)")
                op.execute(f"ALTER TABLE {index} ALTER words SET STATISTICS 500")
                _change(index, f"array_to_tsvector(({MARKED}))")
            else:
                _rebuild(index, "words", "detail = 'none', columnsize = 0", ("title", "tags", "body"), _mark)


def downgrade() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    for index, numbers in ((ARTICLES, COUNTED), (ITEMS, SAME)):
        with _numbered(index, numbers):
            if postgresql:
                op.execute(f"ALTER TABLE {index} RESET (toast_tuple_target)")
                op.execute(f"ALTER TABLE {index} ALTER words SET STATISTICS -1")
                _change(index, f"CAST(({WEIGHED}) AS tsvector)")
            else:
                _rebuild(index, "title, tags, body", "detail = 'column'", ("words",), _unmark)
    if postgresql:
        op.execute("CREATE SEQUENCE articles_number_seq OWNED BY articles.number")
        op.execute(
            "SELECT setval('articles_number_seq', (SELECT coalesce(max(number), 0) + 1 FROM articles), false)"
        )
        op.execute(
            "ALTER TABLE articles ALTER COLUMN number SET DEFAULT nextval('articles_number_seq'::regclass)"
        )


@contextmanager
def _numbered(index: str, numbers: str) -> Iterator[None]:
    """`numbered` says which number each had, and which it is to have; articles have it already."""
    op.execute(f"CREATE TEMPORARY TABLE numbered AS {numbers}")
    op.execute("CREATE UNIQUE INDEX ix_numbered_old ON numbered (old)")
    op.execute("CREATE UNIQUE INDEX ix_numbered_new ON numbered (new)")
    if index == ARTICLES:
        connection, after = op.get_bind(), 0
        while end := connection.scalar(END, {"after": after, "most": AT_ONCE}):
            connection.execute(RENUMBER, {"after": after, "end": end})
            after = end
    yield
    op.execute("DROP TABLE numbered")


def _change(index: str, words: str) -> None:
    op.execute(f"DROP INDEX ix_{index}_words")
    change = f"UPDATE {index} SET number = numbered.new, words = {words}"  # noqa: S608
    op.execute(f"{change} FROM numbered WHERE number = numbered.old")
    op.execute(f"CREATE INDEX ix_{index}_words ON {index} USING gin (words)")
    op.execute(f"ANALYZE {index}")  # which words are common decides how they are looked for


def _rebuild(
    index: str, columns: str, options: str, former: Sequence[str], convert: Callable[[Row], dict[str, str]]
) -> None:
    op.execute(f"ALTER TABLE {index} RENAME TO former_words")
    op.execute(f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, tokenize = 'ascii', {options})")
    values = ", ".join(f":{column}" for column in columns.split(", "))
    insert = sa.text(f"INSERT INTO {index} (rowid, {columns}) VALUES (:number, {values})")  # noqa: S608
    some = sa.text(
        f"SELECT new, {', '.join(former)} FROM numbered JOIN former_words ON former_words.rowid = old"  # noqa: S608
        " WHERE new > :after ORDER BY new LIMIT :most"
    )
    connection, after = op.get_bind(), 0
    while rows := connection.execute(some, {"after": after, "most": AT_ONCE}).all():
        connection.execute(insert, [{"number": row[0], **convert(row)} for row in rows])
        after = rows[-1][0]
    op.execute("DROP TABLE former_words")


def _mark(row: Row) -> dict[str, str]:
    marks: dict[str, str] = {}
    for mark, text in zip(MARKS, row[1:], strict=True):
        marks = dict.fromkeys(text.split(), mark) | marks
    return {"words": " ".join(mark + word for word, mark in marks.items())}


def _unmark(row: Row) -> dict[str, str]:
    places: dict[str, list[str]] = {mark: [] for mark in MARKS}
    for word in row[1].split():
        mark = word[0] if word[0] in MARKS else ""
        places[mark].append(word.removeprefix(mark))
    return dict(zip(("title", "tags", "body"), map(" ".join, places.values()), strict=True))
