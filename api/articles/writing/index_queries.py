"""The SQL that walks through all articles for their words."""

from __future__ import annotations

import sqlalchemy as sa

from api.articles.writing.tables import article_terms, articles
from api.storage import Row, Transaction
from api.taxonomy.tables import terms

AT_ONCE = 50

_FROM = (
    sa.select(articles.c.number, articles.c.id, articles.c.title, articles.c.body_html)
    .where(articles.c.number > sa.bindparam("after"))
    .order_by(articles.c.number)
    .limit(AT_ONCE)
)
_NAMES = (
    sa.select(article_terms.c.article_id, terms.c.name)
    .join_from(article_terms, terms)
    .where(article_terms.c.article_id.in_(sa.bindparam("ids", expanding=True)))
)


def list_from(tx: Transaction, *, after: int) -> list[tuple[Row, list[str]]]:
    """The next articles behind that number (number, id, title, body_html), and the names of their terms."""
    rows = tx.rows(_FROM, after=after)
    names: dict[str, list[str]] = {row.id: [] for row in rows}
    for article_id, name in tx.rows(_NAMES, ids=list(names)):
        names[article_id].append(name)
    return [(row, names[row.id]) for row in rows]
