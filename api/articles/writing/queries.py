"""The SQL that finds and lists articles; who asks is part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

from api.articles.authors.records import Author
from api.articles.authors.tables import authors
from api.articles.writing import list_queries
from api.articles.writing.list_queries import IN_LISTS
from api.articles.writing.records import Article, Filter, Image, Position, status_at
from api.articles.writing.tables import article_authors, article_slugs, article_terms, article_words, articles
from api.storage import Among, Keyset, Prepared, Row, Transaction
from api.taxonomy.records import Term
from api.taxonomy.tables import terms
from api.times import Instant

_WHOLE = (*IN_LISTS, articles.c.body, articles.c.body_html)

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


def list_articles(tx: Transaction, page: Keyset[Position | None], *, wanted: Filter) -> list[Article]:
    """A page of articles, best first, then newest; texts left out.

    What holds no word at all is no search.
    """
    words = article_words.queries(wanted.q, tx.dialect) if wanted.q else ()
    if words:
        return _search(tx, wanted, words, *page)
    return _complete(tx, list_queries.list_all(tx, wanted=wanted, after=page.position, limit=page.most))


def list_newest(tx: Transaction, *, type: str, limit: int) -> list[Article]:
    """The newest published of that type, with their texts."""
    return _complete(tx, tx.rows(_NEWEST, kind=type, now=tx.now, most=limit))


def list_places(tx: Transaction, *, type: str, limit: int) -> Sequence[Row]:
    """slug, updated_at and publish_at of what is published, newest first."""
    return tx.rows(_PLACES, kind=type, now=tx.now, most=limit)


def _search(
    tx: Transaction, wanted: Filter, words: Sequence[str], after: Position | None, limit: int
) -> list[Article]:
    """The hits of one rank after those of another, until there are enough of them."""
    ranks, rows = list[int](), list[Row]()
    for rank in range(after.rank if after else 0, len(words)):
        start = after if after and after.rank == rank else None
        found = list_queries.list_hits(
            tx, wanted=wanted, words=words[rank], after=start, limit=limit - len(rows)
        )
        ranks += [rank] * len(found)
        rows += found
        if len(rows) == limit:
            break
    return _complete(tx, rows, ranks)


def _complete(tx: Transaction, rows: Sequence[Row], ranks: Iterable[int | None] = ()) -> list[Article]:
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
            rank=rank,
        )
        for row, rank in zip_longest(rows, ranks)
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
