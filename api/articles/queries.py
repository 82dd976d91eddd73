"""The SQL that finds and lists articles; who asks is part of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.articles.records import Article, Author, Filter, Image, Position, status_at
from api.articles.tables import (
    article_authors,
    article_slugs,
    article_terms,
    article_words,
    articles,
    authors,
)
from api.database import Row, Transaction
from api.prepared import Among, Prepared
from api.terms.records import Term
from api.terms.tables import terms
from api.times import Instant

LAST = "~"
"""Sorts behind every id and every instant."""

_IN_LISTS = (
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
_WHOLE = (*_IN_LISTS, articles.c.body, articles.c.body_html)

_IS_AUTHOR = (
    sa.exists()
    .where(
        article_authors.c.article_id == articles.c.id,
        article_authors.c.author_id == authors.c.id,
        authors.c.account_id == sa.bindparam("account"),
    )
    .correlate(articles)
)
_VISIBLE = sa.or_(
    articles.c.publish_at <= sa.bindparam("now"),
    sa.bindparam("sees_all", type_=sa.Integer) == 1,
    _IS_AUTHOR,
)
_OF_SLUG = (
    sa.select(article_slugs.c.article_id)
    .where(article_slugs.c.slug == sa.bindparam("name", type_=sa.Text))
    .scalar_subquery()
)
_NAMED = sa.select(*_WHOLE).where(
    articles.c.id == sa.func.coalesce(_OF_SLUG, sa.bindparam("name", type_=sa.Text)), _VISIBLE
)
_FIND = Prepared(_NAMED)
_FIND_AND_HOLD = _NAMED.with_for_update(of=articles, key_share=True)
_BY_ID = Prepared(sa.select(*_WHOLE).where(articles.c.id == sa.bindparam("article")))

_TERMS = Prepared(
    sa.select(
        article_terms.c.article_id, terms.c.kind, terms.c.id, terms.c.name, terms.c.slug, terms.c.parent_id
    )
    .join_from(article_terms, terms)
    .where(Among(article_terms.c.article_id, "ids"))
    .order_by(article_terms.c.position)
)
_AUTHORS = Prepared(
    sa.select(
        article_authors.c.article_id, authors.c.id, authors.c.name, authors.c.slug, authors.c.account_id
    )
    .join_from(article_authors, authors)
    .where(Among(article_authors.c.article_id, "ids"))
    .order_by(article_authors.c.position)
)


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


_NEWEST = Prepared(_newest(*_WHOLE))
_PLACES = Prepared(_newest(articles.c.slug, articles.c.updated_at, articles.c.publish_at))


def find_article(
    tx: Transaction, *, name: str, account_id: str | None, sees_all: bool, hold: bool = False
) -> Article | None:
    """The article of that slug, old slug or id, if it is published, the account's own, or all are seen.

    With `hold` no other transaction changes it before this one ends.
    """
    row = tx.row(
        _FIND_AND_HOLD if hold else _FIND, name=name, account=account_id, sees_all=int(sees_all), now=tx.now
    )
    return _complete(tx, [row])[0] if row else None


def find_by_id(tx: Transaction, *, article_id: str) -> Article | None:
    """The article of that id, whoever asks."""
    row = tx.row(_BY_ID, article=article_id)
    return _complete(tx, [row])[0] if row else None


def list_articles(tx: Transaction, *, wanted: Filter, after: Position | None, limit: int) -> list[Article]:
    """Articles that fit, best first, then newest, from behind `after`; texts left out.

    What holds no word at all is no search.
    """
    values: dict[str, Any] = {"kind": wanted.type, "now": tx.now, "most": limit}
    relations = {name: getattr(wanted, name) for name in _RELATIONS if getattr(wanted, name) is not None}
    words = article_words.query(wanted.q, tx.dialect) if wanted.q else None
    values |= words or {}
    start = after or Position(-1, LAST, LAST)
    if words is None and wanted.status == "published" and start.at > tx.now:
        start = Position(0, tx.now, LAST)
    values |= {"after_rank": start.rank, "after_at": start.at, "after_id": start.id}
    statement = _listing(tx.dialect, wanted.status, words is not None, tuple(relations))
    return _complete(tx, tx.rows(statement, **values, **relations))


def list_newest(tx: Transaction, *, type: str, limit: int) -> list[Article]:
    """The newest published of that type, with their texts."""
    return _complete(tx, tx.rows(_NEWEST, kind=type, now=tx.now, most=limit))


def list_places(tx: Transaction, *, type: str, limit: int) -> Sequence[Row]:
    """slug, updated_at and publish_at of what is published, newest first."""
    return tx.rows(_PLACES, kind=type, now=tx.now, most=limit)


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


@cache
def _listing(dialect: str, status: str, searched: bool, relations: tuple[str, ...]) -> Prepared:
    """The statement for one combination of filters.

    The first relation leads, since its index has the order of the list; the others are looked up for each
    article, and so is every one for drafts and for hits of a search.
    """
    rank: sa.ColumnElement[Any] = sa.literal_column("0", sa.Integer)
    source: sa.FromClause = articles
    kind: sa.ColumnElement[str] = articles.c.type
    at, key = articles.c.listed_at, articles.c.id
    if searched:
        hits = article_words.hits(dialect)
        source, rank = articles.join(hits, hits.c.number == articles.c.number), hits.c.rank
        kind = kind.concat("")  # no index on it: the hits lead, and not all articles of the type
    elif relations and status != "draft":
        table, column, wanted = _RELATIONS[relations[0]]
        lead = table.alias("lead")
        source = lead.join(articles, articles.c.id == lead.c.article_id)
        kind, at, key = lead.c.type, lead.c.publish_at, lead.c.article_id
        relations = relations[1:]
    page = sa.select(rank.label("rank"), *_IN_LISTS).select_from(source).where(kind == sa.bindparam("kind"))
    if source is not articles and not searched:
        page = page.where(lead.c[column] == wanted)
    for name in relations:
        page = page.where(_linked(*_RELATIONS[name]))
    if status == "draft":
        page = page.where(articles.c.publish_at.is_(None))
    else:
        page = page.where(articles.c.publish_at.is_not(None))
    if status == "scheduled":
        page = page.where(at > sa.bindparam("now"))
    behind = sa.tuple_(at, key) < sa.tuple_(sa.bindparam("after_at"), sa.bindparam("after_id"))
    if searched:
        if status == "published":
            page = page.where(at <= sa.bindparam("now"))
        place = sa.bindparam("after_rank", type_=sa.BigInteger)
        behind = sa.or_(rank > place, sa.and_(rank == place, behind))
    order = (rank, at.desc(), key.desc()) if searched else (at.desc(), key.desc())
    return Prepared(page.where(behind).order_by(*order).limit(sa.bindparam("most")))


def _linked(table: sa.Table, column: str, wanted: sa.ScalarSelect[Any]) -> sa.ColumnElement[bool]:
    link = table.alias()
    return sa.exists().where(link.c.article_id == articles.c.id, link.c[column] == wanted).correlate(articles)


def _complete(tx: Transaction, rows: Sequence[Row]) -> list[Article]:
    """The articles of these rows with what belongs to them: one query a relation, however many rows."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    filed: dict[tuple[str, str], list[Term]] = {}
    for article_id, kind, *term in tx.rows(_TERMS, ids=ids):
        filed.setdefault((article_id, kind), []).append(Term(*term))
    signed: dict[str, list[Author]] = {}
    for article_id, *author in tx.rows(_AUTHORS, ids=ids):
        signed.setdefault(article_id, []).append(Author(*author))
    return [
        _article(
            row,
            tx.now,
            authors=tuple(signed.get(row.id, ())),
            tags=tuple(filed.get((row.id, "tag"), ())),
            categories=tuple(filed.get((row.id, "category"), ())),
        )
        for row in rows
    ]


def _article(row: Row, now: Instant, **relations: Any) -> Article:
    columns = row._asdict()
    image_id, url, alt = (columns.pop(name) for name in ("image_id", "image_url", "image_alt"))
    columns["featured"] = bool(row.featured)
    return Article(
        **columns,
        **relations,
        status=status_at(row.publish_at, now),
        image=Image(image_id, url, alt) if image_id else None,
    )
