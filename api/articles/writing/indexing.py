"""The words that a search looks up, made again from the articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.articles.writing import listing
from api.articles.writing.tables import article_words
from api.storage import Row, Transaction
from api.text import markup

AT_ONCE = 50


def index_all(tx: Transaction) -> Iterator[int]:
    """Index every article again, few of them in memory at a time; yields how many at each step."""
    last = -1
    while some := listing.list_from(tx, after=last, limit=AT_ONCE):
        _index(tx, some)
        last = some[-1][0].number
        yield len(some)


def index_some(tx: Transaction, ids: Sequence[str]) -> None:
    """Index these articles again."""
    for start in range(0, len(ids), AT_ONCE):
        _index(tx, listing.list_each(tx, ids=ids[start : start + AT_ONCE]))


def _index(tx: Transaction, some: Sequence[tuple[Row, list[str]]]) -> None:
    for article, names in some:
        body = markup.text_of(article.body_html)
        article_words.put(tx, article.number, title=article.title, tags=names, body=body)
