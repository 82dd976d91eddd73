"""The SQL that finds, stores and removes articles; the viewer is part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, get_args

import msgspec
import sqlalchemy as sa

from api.articles.authors.queries import NAME
from api.articles.authors.records import Author
from api.articles.authors.tables import authors
from api.articles.comments.tables import comments
from api.articles.writing.numbering import ROOM, place
from api.articles.writing.records import Article, ArticleType, status_at
from api.articles.writing.tables import (
    article_authors,
    article_slugs,
    article_terms,
    articles,
    feed_losses,
)
from api.storage import Among, Prepared, Row, Transaction, columns_of
from api.storage.links import Links
from api.taxonomy.queries import TermLinks
from api.text.images import Image
from api.times import Instant

_PUBLIC = article_terms.c.publish_at <= sa.bindparam("now")
AUTHORS = Links(article_authors.c.article_id, article_authors.c.author_id)
TERMS = TermLinks(
    article_terms.c.article_id,
    scope="articles",
    title=articles.c.title,
    public=[_PUBLIC & (article_terms.c.type == type) for type in get_args(ArticleType)],
)

_OWN_COLUMNS = [articles.c[field] for field in Article.__struct_fields__ if field in articles.c]
WHOLE = _OWN_COLUMNS
_image = msgspec.json.Decoder(Image)
WITHOUT_TEXT = [column for column in WHOLE if column.name not in ("body", "body_html")]

_IS_AUTHOR = (
    sa.exists()
    .where(
        article_authors.c.article_id == articles.c.id,
        article_authors.c.author_id == authors.c.id,
        authors.c.account_id == sa.bindparam("account"),
    )
    .correlate(articles)
)
_OF_SLUG = (
    sa.select(article_slugs.owner)
    .where(article_slugs.slug == sa.bindparam("ref", type_=sa.Text))
    .scalar_subquery()
)
IS_SEEN = sa.or_(
    articles.c.publish_at <= sa.bindparam("now"),
    sa.bindparam("sees_all", type_=sa.Integer) == 1,
    _IS_AUTHOR,
)
_FIND = sa.select(*WHOLE).where(
    articles.c.id == sa.func.coalesce(_OF_SLUG, sa.bindparam("ref", type_=sa.Text)), IS_SEEN
)
_FIND_ONLY, _FIND_AND_LOCK = Prepared(_FIND), _FIND.with_for_update(of=articles, key_share=True)


def find_article(
    tx: Transaction, *, ref: str, account_id: str | None, sees_all: bool, lock: bool = False
) -> Article | None:
    """The article of that slug, old slug or id, if it is published, the account's own, or all are seen.

    With `lock` no other transaction changes it before this one ends.
    """
    find = _FIND_AND_LOCK if lock else _FIND_ONLY
    row = tx.row(find, ref=ref, account=account_id, sees_all=int(sees_all), now=tx.now)
    return complete(tx, [row])[0] if row else None


_BY_ID = Prepared(sa.select(*WHOLE).where(articles.c.id == sa.bindparam("article")))


def find_by_id(tx: Transaction, *, article_id: str) -> Article | None:
    """The article of that id, whoever asks."""
    row = tx.row(_BY_ID, article=article_id)
    return complete(tx, [row])[0] if row else None


# One type at a time, so that each is the next entry of an index.
_NEXT_OF_TYPE = [
    sa.select(articles.c.listed_at)
    .where(
        articles.c.publish_at.is_not(None),
        articles.c.type == type,
        articles.c.listed_at > sa.bindparam("after"),
    )
    .order_by(articles.c.listed_at)
    .limit(1)
    for type in get_args(ArticleType)
]


def find_next_publication(tx: Transaction, *, after: Instant) -> Instant | None:
    """The earliest of the times to come at which an article or a page is to appear."""
    times = [tx.value(statement, after=after) for statement in _NEXT_OF_TYPE]
    return min((at for at in times if at is not None), default=None)


_LAST_NUMBER = Prepared(
    sa.select(sa.func.max(articles.c.number)).where(
        articles.c.number >= sa.bindparam("first"), articles.c.number < sa.bindparam("end")
    )
)


def find_free_number(tx: Transaction, *, listed_at: Instant) -> int:
    """A number for an article of that instant, after those that are taken."""
    first, room = place(listed_at), ROOM
    while (last := tx.value(_LAST_NUMBER, first=first, end=first + room)) == first + room - 1:
        room *= 2
    return first if last is None else last + 1


# Never RETURNING: SQLite makes a savepoint for it, at which FTS5 writes all the words that it gathers.
_INSERT = Prepared(sa.insert(articles), *({column.name for column in articles.c} - {"comment_count"}))


def insert_article(tx: Transaction, article: Article) -> None:
    """Store a new article."""
    new = {
        "number": article.number,
        "id": article.id,
        "created_at": article.created_at,
        "unannounced": int(article.status == "scheduled"),
    }
    tx.run(_INSERT, **_columns(article), **new)
    for links, others in _links(article):
        links.insert(tx, article.id, others, type=article.type, publish_at=article.publish_at)


_UPDATE = sa.update(articles).where(articles.c.id == sa.bindparam("article"))


def update_article(tx: Transaction, article: Article, **columns: int) -> None:
    """Store all that may change of an article, its links included; a new number is one of `columns`."""
    tx.run(_UPDATE, article=article.id, **_columns(article), **columns)
    for links, others in _links(article):
        links.replace(tx, article.id, others, type=article.type, publish_at=article.publish_at)


def update_publication(
    tx: Transaction, *, article_id: str, publish_at: Instant | None, **columns: str | int | None
) -> None:
    """Publish, schedule or take back; `columns` are those that follow."""
    tx.run(_UPDATE, article=article_id, publish_at=publish_at, updated_at=tx.now, **columns)
    for links in (TERMS, AUTHORS):
        links.update(tx, article_id, publish_at=publish_at)


_BY_IDS = sa.select(*WHOLE).where(Among(articles.c.id, "ids"))


def list_by_id(tx: Transaction, *, ids: Sequence[str]) -> list[Article]:
    """The articles of these ids, whoever asks."""
    return complete(tx, tx.rows(_BY_IDS, ids=ids))


_COUNT_COMMENTS = _UPDATE.values(comment_count=articles.c.comment_count + sa.bindparam("more"))


def update_comment_count(tx: Transaction, *, article_id: str, more: int) -> None:
    """Count approved comments that came (or, below zero, went)."""
    tx.run(_COUNT_COMMENTS, article=article_id, more=more)


# The whole row: whoever comments on the article meanwhile has committed, or waits until it is gone.
_LOCK = sa.select(articles.c.id).where(articles.c.id == sa.bindparam("article")).with_for_update()
_COMMENTS = sa.select(comments.c.id).where(comments.c.article_id == sa.bindparam("article"))


def lock_comments(tx: Transaction, *, article_id: str) -> list[str]:
    """The ids of all comments on an article, to which none is added before the transaction ends."""
    tx.run(_LOCK, article=article_id)
    return [row.id for row in tx.rows(_COMMENTS, article=article_id)]


_DELETE = sa.delete(articles).where(articles.c.id == sa.bindparam("article"))


def delete_article(tx: Transaction, *, article_id: str) -> None:
    """Remove an article with its comments, links and slugs."""
    tx.run(_DELETE, article=article_id)


# Both databases know this form. In one transaction only the first writes.
_NOTE_LOSS = Prepared(
    sa.text(
        "INSERT INTO feed_losses (type, at) VALUES (:type, :now)"
        " ON CONFLICT (type) DO UPDATE SET at = excluded.at WHERE feed_losses.at < excluded.at"
    )
)


def note_loss(tx: Transaction, *, type: ArticleType) -> None:
    """Note that feeds have lost something of the type, or have it at another place."""
    tx.run(_NOTE_LOSS, type=type, now=tx.now)


_LAST_LOSS = Prepared(sa.select(feed_losses.c.at).where(feed_losses.c.type == sa.bindparam("of_type")))


def find_last_loss(tx: Transaction, *, type: ArticleType) -> Instant | None:
    """The instant of the last of these."""
    at: Instant | None = tx.value(_LAST_LOSS, of_type=type)
    return at


_BYLINES = Prepared(
    sa.select(article_authors.c.article_id, *columns_of(authors, Author, name=NAME))
    .join_from(article_authors, authors)
    .where(Among(article_authors.c.article_id, "ids"))
    .order_by(article_authors.c.position)
)


def complete(tx: Transaction, rows: Sequence[Row], ranks: Iterable[int | None] = ()) -> list[Article]:
    """The articles of these rows with what belongs to them: one query a relation, however many rows."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    terms = TERMS.find_terms(tx, ids)
    bylines: dict[str, tuple[Author, ...]] = {}
    for article_id, *author in tx.rows(_BYLINES, ids=ids):
        bylines[article_id] = (*bylines.get(article_id, ()), Author(*author))
    return [
        _article(
            row,
            tx.now,
            authors=bylines.get(row.id, ()),
            tags=terms.get((row.id, "tag"), ()),
            categories=terms.get((row.id, "category"), ()),
            rank=rank,
        )
        for row, rank in zip_longest(rows, ranks)
    ]


def _article(row: Row, now: Instant, **relations: Any) -> Article:
    columns = row._asdict()
    columns |= {"featured": bool(row.featured), "image": _image.decode(row.image) if row.image else None}
    return Article(**columns, **relations, status=status_at(row.publish_at, now))


_CHANGING = [c.name for c in _OWN_COLUMNS if c.name not in ("number", "id", "created_at", "comment_count")]


def _columns(article: Article) -> dict[str, Any]:
    return {
        **{name: getattr(article, name) for name in _CHANGING},
        "featured": int(article.featured),
        "image": msgspec.json.encode(article.image).decode() if article.image else None,
    }


def _links(article: Article) -> list[tuple[Links, list[str]]]:
    return [
        (TERMS, [term.id for term in (*article.tags, *article.categories)]),
        (AUTHORS, [author.id for author in article.authors]),
    ]
