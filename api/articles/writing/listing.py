"""The SQL of lists of articles: newest first, the hits of a search, or all of them one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.articles.authors.tables import authors
from api.articles.writing.numbering import BEYOND, FARTHEST, marked, place
from api.articles.writing.queries import AUTHORS, IS_SEEN, TERMS, WHOLE, WITHOUT_TEXT, complete
from api.articles.writing.records import Article, Filter, Position
from api.articles.writing.tables import EVERY, article_words, articles
from api.media.tables import media_uses
from api.storage import Among, Keyset, Prepared, Row, Transaction
from api.storage.links import Links

LAST = "~"
"""Sorts after every id and every instant."""


def list_articles(tx: Transaction, page: Keyset[Position | None], *, filter: Filter) -> list[Article]:
    """A page of articles, best first, then newest; texts left out.

    What holds no word at all is no search.
    """
    words = article_words.queries(filter.q, tx.dialect) if filter.q else ()
    if words:
        return _search(tx, filter, words, *page)
    start = page.position or Position(0, LAST, LAST)
    if filter.status == "published" and start.at > tx.now:
        start = Position(0, tx.now, LAST)
    relations, fields = _relations(filter), _fields(filter)
    bounds = {"after_at": start.at, "after_id": start.id, "most": page.most}
    statement = _listing(filter.status, tuple(relations), tuple(fields))
    return complete(tx, tx.rows(statement, kind=filter.type, now=tx.now, **bounds, **relations, **fields))


def _newest(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .where(
            articles.c.type == sa.bindparam("kind"),
            articles.c.publish_at.is_not(None),
            articles.c.listed_at <= sa.bindparam("now"),
        )
        .order_by(articles.c.listed_at.desc(), articles.c.id.desc())
        .limit(sa.bindparam("most"))
    )


_NEWEST = Prepared(_newest(*WHOLE))


def list_newest(tx: Transaction, *, type: str, limit: int) -> list[Article]:
    """The newest published of that type, with their texts."""
    return complete(tx, tx.rows(_NEWEST, kind=type, now=tx.now, most=limit))


_PLACES = Prepared(_newest(articles.c.slug, articles.c.updated_at, articles.c.publish_at))


def list_places(tx: Transaction, *, type: str, limit: int) -> Sequence[Row]:
    """slug, updated_at and publish_at of what is published, newest first."""
    return tx.rows(_PLACES, kind=type, now=tx.now, most=limit)


_FROM = (
    sa.select(articles.c.number, articles.c.id, articles.c.title, articles.c.body_html)
    .where(articles.c.number > sa.bindparam("after"))
    .order_by(articles.c.number)
    .limit(sa.bindparam("most"))
)


def list_from(tx: Transaction, *, after: int, limit: int) -> list[tuple[Row, list[str]]]:
    """The next articles after that number (number, id, title, body_html), and the names of their terms."""
    return _named(tx, tx.rows(_FROM, after=after, most=limit))


_EACH = sa.select(articles.c.number, articles.c.id, articles.c.title, articles.c.body_html).where(
    Among(articles.c.id, "ids")
)


def list_each(tx: Transaction, *, ids: Sequence[str]) -> list[tuple[Row, list[str]]]:
    """The articles of these ids, likewise."""
    return _named(tx, tx.rows(_EACH, ids=ids))


def _named(tx: Transaction, rows: Sequence[Row]) -> list[tuple[Row, list[str]]]:
    names: dict[str, list[str]] = {row.id: [] for row in rows}
    for (article_id, _), terms in TERMS.find_terms(tx, list(names)).items():
        names[article_id] += [term.name for term in terms]
    return [(row, names[row.id]) for row in rows]


def _search(
    tx: Transaction, filter: Filter, words: Sequence[str], after: Position | None, limit: int
) -> list[Article]:
    """The hits of one rank after those of another, until there are enough of them."""
    ranks, rows = list[int](), list[Row]()
    for rank in range(after.rank if after else 0, len(words)):
        start = after if after and after.rank == rank else None
        hits = _list_hits(tx, filter=filter, words=words[rank], after=start, limit=limit - len(rows))
        ranks += [rank] * len(hits)
        rows += hits
        if len(rows) == limit:
            break
    return complete(tx, rows, ranks)


def _list_hits(
    tx: Transaction, *, filter: Filter, words: str, after: Position | None, limit: int
) -> Sequence[Row]:
    relations, fields = _relations(filter), _fields(filter)
    above = place(tx.now) if filter.status == "scheduled" else 0
    below = place(tx.now) + FARTHEST if filter.status == "published" else BEYOND
    if after is not None:
        below = min(below, marked(after.at, after.id))
    bounds = {"above": above, "below": below, "most": limit}
    statement = _hits(tx.dialect, filter.status, tuple(relations), tuple(fields))
    return tx.rows(statement, words=words, kind=filter.type, now=tx.now, **bounds, **relations, **fields)


def _author(column: sa.Column[Any], parameter: str) -> sa.ScalarSelect[Any]:
    return sa.select(authors.c.id).where(column == sa.bindparam(parameter)).scalar_subquery()


_RELATIONS: dict[str, tuple[Links, sa.ScalarSelect[Any]]] = {
    "tag": (TERMS, TERMS.id_of("tag")),
    "category": (TERMS, TERMS.id_of("category")),
    "author": (AUTHORS, _author(authors.c.slug, "author")),
    "account": (AUTHORS, _author(authors.c.account_id, "account")),
}


def _relations(filter: Filter) -> dict[str, str]:
    return {name: getattr(filter, name) for name in _RELATIONS if getattr(filter, name) is not None}


_FIELDS: dict[str, sa.ColumnElement[bool]] = {
    "featured": articles.c.featured == sa.bindparam("featured", type_=sa.Integer),
    "language": sa.func.lower(articles.c.language) == sa.bindparam("language", type_=sa.Text),
    "published_after": articles.c.publish_at > sa.bindparam("published_after"),
    "published_before": articles.c.publish_at < sa.bindparam("published_before"),
    "updated_since": articles.c.updated_at >= sa.bindparam("updated_since"),
}


def _fields(filter: Filter) -> dict[str, int | str]:
    sent = {name: value for name in _FIELDS if (value := getattr(filter, name)) is not None}
    if filter.language is not None:
        sent["language"] = filter.language.lower()
    if filter.featured is not None:
        sent["featured"] = int(filter.featured)
    return sent


@cache
def _listing(status: str, relations: tuple[str, ...], fields: tuple[str, ...]) -> Prepared:
    """The statement for one combination of filters.

    The first relation leads, since its index has the order of the list; the others are looked up for each
    article, and so is every one for drafts.
    """
    source: sa.FromClause = articles
    kind: sa.ColumnElement[str] = articles.c.type
    at, key = articles.c.listed_at, articles.c.id
    leading: list[sa.ColumnElement[bool]] = []
    if relations and status not in ("draft", "all"):
        links, other = _RELATIONS[relations[0]]
        lead = links.table.alias("lead")
        source = lead.join(articles, articles.c.id == lead.c.article_id)
        kind, at, key = lead.c.type, lead.c.publish_at, lead.c.article_id
        leading.append(lead.c[links.other.name] == other)
        relations = relations[1:]
    page = sa.select(*WITHOUT_TEXT).select_from(source).where(kind == sa.bindparam("kind"), *leading)
    page = page.where(*_fitting(status, relations, fields))
    if status == "scheduled":
        page = page.where(at > sa.bindparam("now"))
    after = sa.tuple_(at, key) < sa.tuple_(sa.bindparam("after_at"), sa.bindparam("after_id"))
    return Prepared(page.where(after).order_by(at.desc(), key.desc()).limit(sa.bindparam("most")))


@cache
def _hits(dialect: str, status: str, relations: tuple[str, ...], fields: tuple[str, ...]) -> Prepared:
    """The statement for the hits of one rank: they lead, in the order of their numbers."""
    hits, at = article_words.hits(dialect), articles.c.listed_at
    page = (
        sa.select(*WITHOUT_TEXT)
        .join_from(hits.index, articles, articles.c.number == hits.joined)
        .where(hits.fit, articles.c.type == sa.bindparam("kind"))
        .where(*(_between(number) for number in (hits.number, articles.c.number)))
        .where(*_fitting(status, relations, fields))
    )
    if status not in ("draft", "all"):
        page = page.where(at > sa.bindparam("now") if status == "scheduled" else at <= sa.bindparam("now"))
    page = page.order_by(hits.number.desc()).limit(sa.bindparam("most"))
    return Prepared(page, replanned=True)


def _between(number: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    # PostgreSQL, which may walk through both tables, does not conclude the bounds of one from the other's.
    return sa.and_(number >= sa.bindparam("above"), number < sa.bindparam("below"))


def _fitting(
    status: str, relations: Iterable[str], fields: Iterable[str]
) -> Iterator[sa.ColumnElement[bool]]:
    states = {"all": EVERY, "draft": articles.c.publish_at.is_(None)}
    yield states.get(status, articles.c.publish_at.is_not(None))
    yield from (_FIELDS[name] for name in fields)
    for name in relations:
        links, other = _RELATIONS[name]
        yield links.lead_to(other)


_SHOWING = (
    sa.select(
        media_uses.c.media_id,
        articles.c.id,
        articles.c.title,
        sa.func.row_number()
        .over(partition_by=media_uses.c.media_id, order_by=articles.c.id.desc())
        .label("place"),
    )
    .join_from(media_uses, articles, articles.c.id == media_uses.c.thing_id)
    .where(Among(media_uses.c.media_id, "ids"), IS_SEEN)
    .subquery()
)
_NEWEST_SHOWING = (
    sa.select(_SHOWING.c.media_id, _SHOWING.c.id, _SHOWING.c.title)
    .where(_SHOWING.c.place <= sa.bindparam("most"))
    .order_by(_SHOWING.c.id.desc())
)


def list_showing(
    tx: Transaction, *, media_ids: Sequence[str], account_id: str | None, sees_all: bool, most: int
) -> Sequence[Row]:
    """Medium, id and title of so many articles that show each of these media, the newest first."""
    seen = {"account": account_id, "sees_all": int(sees_all), "now": tx.now}
    return tx.rows(_NEWEST_SHOWING, ids=media_ids, most=most, **seen)
