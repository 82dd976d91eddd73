"""The SQL of lists of articles: newest first, or the hits of a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.articles.authors.tables import authors
from api.articles.writing.numbering import BEYOND, FARTHEST, marked, place
from api.articles.writing.records import Filter, Position
from api.articles.writing.tables import article_authors, article_terms, article_words, articles
from api.storage import Prepared, Row, Transaction
from api.taxonomy.tables import terms

LAST = "~"
"""Sorts behind every id and every instant."""

IN_LISTS = (
    articles.c.number,
    articles.c.id,
    articles.c.type,
    articles.c.slug,
    articles.c.title,
    articles.c.excerpt,
    articles.c.language,
    articles.c.image_id,
    articles.c.image_url,
    articles.c.image_alt,
    articles.c.format,
    articles.c.featured,
    articles.c.comment_policy,
    articles.c.comment_count,
    articles.c.publish_at,
    articles.c.listed_at,
    articles.c.created_at,
    articles.c.updated_at,
)
"""All but the texts."""


def list_all(tx: Transaction, *, wanted: Filter, after: Position | None, limit: int) -> Sequence[Row]:
    """What fits, newest first, from behind `after`."""
    relations = _relations(wanted)
    start = after or Position(0, LAST, LAST)
    if wanted.status == "published" and start.at > tx.now:
        start = Position(0, tx.now, LAST)
    bounds = {"after_at": start.at, "after_id": start.id, "most": limit}
    statement = _listing(wanted.status, tuple(relations))
    return tx.rows(statement, kind=wanted.type, now=tx.now, **bounds, **relations)


def list_hits(
    tx: Transaction, *, wanted: Filter, words: str, after: Position | None, limit: int
) -> Sequence[Row]:
    """What fits and holds these words as one rank of a search wants it, newest first, from behind `after`."""
    relations = _relations(wanted)
    above = place(tx.now) if wanted.status == "scheduled" else 0
    below = place(tx.now) + FARTHEST if wanted.status == "published" else BEYOND
    if after is not None:
        below = min(below, marked(after.at, after.id))
    bounds = {"above": above, "below": below, "most": limit}
    statement = _hits(tx.dialect, wanted.status, tuple(relations))
    return tx.rows(statement, words=words, kind=wanted.type, now=tx.now, **bounds, **relations)


def _term(kind: str) -> sa.ScalarSelect[Any]:
    return (
        sa.select(terms.c.id)
        .where(terms.c.shelf == "articles", terms.c.kind == kind, terms.c.slug == sa.bindparam(kind))
        .scalar_subquery()
    )


def _author(column: sa.Column[Any], parameter: str) -> sa.ScalarSelect[Any]:
    return sa.select(authors.c.id).where(column == sa.bindparam(parameter)).scalar_subquery()


_RELATIONS: dict[str, tuple[sa.Table, str, sa.ScalarSelect[Any]]] = {
    "tag": (article_terms, "term_id", _term("tag")),
    "category": (article_terms, "term_id", _term("category")),
    "author": (article_authors, "author_id", _author(authors.c.slug, "author")),
    "account": (article_authors, "author_id", _author(authors.c.account_id, "account")),
}


def _relations(wanted: Filter) -> dict[str, str]:
    return {name: getattr(wanted, name) for name in _RELATIONS if getattr(wanted, name) is not None}


@cache
def _listing(status: str, relations: tuple[str, ...]) -> Prepared:
    """The statement for one combination of filters.

    The first relation leads, since its index has the order of the list; the others are looked up for each
    article, and so is every one for drafts.
    """
    source: sa.FromClause = articles
    kind: sa.ColumnElement[str] = articles.c.type
    at, key = articles.c.listed_at, articles.c.id
    leading: list[sa.ColumnElement[bool]] = []
    if relations and status != "draft":
        table, column, wanted = _RELATIONS[relations[0]]
        lead = table.alias("lead")
        source = lead.join(articles, articles.c.id == lead.c.article_id)
        kind, at, key = lead.c.type, lead.c.publish_at, lead.c.article_id
        leading.append(lead.c[column] == wanted)
        relations = relations[1:]
    page = sa.select(*IN_LISTS).select_from(source).where(kind == sa.bindparam("kind"), *leading)
    page = page.where(*_fitting(status, relations))
    if status == "scheduled":
        page = page.where(at > sa.bindparam("now"))
    behind = sa.tuple_(at, key) < sa.tuple_(sa.bindparam("after_at"), sa.bindparam("after_id"))
    return Prepared(page.where(behind).order_by(at.desc(), key.desc()).limit(sa.bindparam("most")))


@cache
def _hits(dialect: str, status: str, relations: tuple[str, ...]) -> Prepared:
    """The statement for the hits of one rank: they lead, in the order of their numbers."""
    hits, at = article_words.hits(dialect), articles.c.listed_at
    page = (
        sa.select(*IN_LISTS)
        .join_from(hits.index, articles, articles.c.number == hits.joined)
        .where(hits.fit, articles.c.type == sa.bindparam("kind"))
        .where(*(_between(number) for number in (hits.number, articles.c.number)))
        .where(*_fitting(status, relations))
    )
    if status != "draft":
        page = page.where(at > sa.bindparam("now") if status == "scheduled" else at <= sa.bindparam("now"))
    page = page.order_by(hits.number.desc()).limit(sa.bindparam("most"))
    return Prepared(page, replanned=True)


def _between(number: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    # PostgreSQL, which may walk through both tables, does not conclude the bounds of one from the other's.
    return sa.and_(number >= sa.bindparam("above"), number < sa.bindparam("below"))


def _fitting(status: str, relations: Iterable[str]) -> Iterator[sa.ColumnElement[bool]]:
    yield articles.c.publish_at.is_(None) if status == "draft" else articles.c.publish_at.is_not(None)
    for name in relations:
        yield _linked(*_RELATIONS[name])


def _linked(table: sa.Table, column: str, wanted: sa.ScalarSelect[Any]) -> sa.ColumnElement[bool]:
    link = table.alias()
    return sa.exists().where(link.c.article_id == articles.c.id, link.c[column] == wanted).correlate(articles)
