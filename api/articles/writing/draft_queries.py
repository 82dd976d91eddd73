"""The SQL that stores, changes and removes articles."""

from __future__ import annotations

from typing import Any, get_args

import sqlalchemy as sa

from api.articles.writing.numbering import ROOM, place
from api.articles.writing.records import Article, ArticleType
from api.articles.writing.tables import article_authors, article_slugs, article_terms, articles
from api.storage import Prepared, Row, Transaction
from api.times import Instant

# Never RETURNING: SQLite makes a savepoint for it, at which FTS5 writes all the words that it gathers.
_INSERT = Prepared(sa.insert(articles), *({column.name for column in articles.c} - {"comment_count"}))
_LAST_NUMBER = Prepared(
    sa.select(sa.func.max(articles.c.number)).where(
        articles.c.number >= sa.bindparam("first"), articles.c.number < sa.bindparam("end")
    )
)
_UPDATE = sa.update(articles).where(articles.c.id == sa.bindparam("article"))
_DELETE = sa.delete(articles).where(articles.c.id == sa.bindparam("article"))
_PUBLISH = _UPDATE.values(
    number=sa.bindparam("place"),
    publish_at=sa.bindparam("at"),
    listed_at=sa.bindparam("listed"),
    updated_at=sa.bindparam("now"),
)
_COUNT_COMMENTS = _UPDATE.values(comment_count=articles.c.comment_count + sa.bindparam("more"))
_LINKS = (article_terms, article_authors)
_UNLINK = {table: sa.delete(table).where(table.c.article_id == sa.bindparam("article")) for table in _LINKS}
_LINK = {table: Prepared(sa.insert(table), *table.columns.keys()) for table in _LINKS}
_REDATE = {
    table: sa.update(table)
    .where(table.c.article_id == sa.bindparam("article"))
    .values(publish_at=sa.bindparam("at"))
    for table in _LINKS
}
_SLUG_OWNER = (
    sa.select(article_slugs.c.article_id, articles.c.slug)
    .join_from(article_slugs, articles)
    .where(article_slugs.c.slug == sa.bindparam("wanted"))
)
# Both databases know this form; a second claim of one slug waits here until the first transaction has ended.
_CLAIM_SLUG = Prepared(
    sa.text("INSERT INTO article_slugs (slug, article_id) VALUES (:wanted, :article) ON CONFLICT DO NOTHING")
)
_TAKE_SLUG = (
    sa.update(article_slugs)
    .where(
        article_slugs.c.slug == sa.bindparam("wanted"), article_slugs.c.article_id == sa.bindparam("owner")
    )
    .values(article_id=sa.bindparam("article"))
)
_IMPORTED = Prepared(
    sa.select(
        articles.c.id, articles.c.slug, articles.c.title, articles.c.created_at, articles.c.fingerprint
    ).where(articles.c.source == sa.bindparam("origin"), articles.c.external_id == sa.bindparam("key"))
)
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
    found = [tx.value(statement, after=after) for statement in _NEXT_OF_TYPE]
    return min((at for at in found if at is not None), default=None)


def find_free_number(tx: Transaction, *, listed_at: Instant) -> int:
    """A number for an article of that instant, behind those that are taken."""
    first, room = place(listed_at), ROOM
    while (last := tx.value(_LAST_NUMBER, first=first, end=first + room)) == first + room - 1:
        room *= 2
    return first if last is None else last + 1


def insert_article(
    tx: Transaction,
    article: Article,
    *,
    source: str | None = None,
    external_id: str | None = None,
    fingerprint: str | None = None,
) -> None:
    """Store a new article."""
    new = {"number": article.number, "id": article.id, "created_at": article.created_at}
    origin = {"source": source, "external_id": external_id, "fingerprint": fingerprint}
    tx.run(_INSERT, **_columns(article), **new, **origin)
    _link(tx, article)


def update_article(tx: Transaction, article: Article, **columns: str | int) -> None:
    """Store all that may change of an article, its links included; a new number is one of `columns`."""
    tx.run(_UPDATE, article=article.id, **_columns(article), **columns)
    for table in _LINKS:
        tx.run(_UNLINK[table], article=article.id)
    _link(tx, article)


def update_publication(
    tx: Transaction, *, article_id: str, number: int, publish_at: Instant | None, listed_at: Instant
) -> None:
    """Publish, schedule or take back."""
    tx.run(_PUBLISH, article=article_id, place=number, at=publish_at, listed=listed_at, now=tx.now)
    for table in _LINKS:
        tx.run(_REDATE[table], article=article_id, at=publish_at)


def update_fingerprint(tx: Transaction, *, article_id: str, fingerprint: str) -> None:
    """Remember another state of the source as the one that was imported."""
    tx.run(_UPDATE, article=article_id, fingerprint=fingerprint)


def update_comment_count(tx: Transaction, *, article_id: str, more: int) -> None:
    """Count approved comments that came (or, below zero, went)."""
    tx.run(_COUNT_COMMENTS, article=article_id, more=more)


def delete_article(tx: Transaction, *, article_id: str) -> None:
    """Remove an article with its comments, links and slugs."""
    tx.run(_DELETE, article=article_id)


def find_slug_owner(tx: Transaction, *, slug: str) -> tuple[str, bool] | None:
    """The id of the article that `slug` leads to, and whether it is an old one."""
    row = tx.row(_SLUG_OWNER, wanted=slug)
    return (row[0], row[1] != slug) if row else None


def insert_slug(tx: Transaction, *, slug: str, article_id: str) -> bool:
    """Let `slug` lead to the article; False when it leads somewhere already."""
    return tx.run(_CLAIM_SLUG, wanted=slug, article=article_id) == 1


def take_slug(tx: Transaction, *, slug: str, owner: str, article_id: str) -> bool:
    """Let `slug` lead to the article instead of to its owner; False when it no longer was the owner's."""
    return tx.run(_TAKE_SLUG, wanted=slug, owner=owner, article=article_id) == 1


def find_imported(tx: Transaction, *, source: str, external_id: str) -> Row | None:
    """id, slug, title, created_at and fingerprint of the article that an earlier import brought."""
    return tx.row(_IMPORTED, origin=source, key=external_id)


def _columns(article: Article) -> dict[str, Any]:
    image = article.image
    return {
        "type": article.type,
        "slug": article.slug,
        "title": article.title,
        "excerpt": article.excerpt,
        "language": article.language,
        "image_id": image.id if image else None,
        "image_url": image.url if image else None,
        "image_alt": image.alt if image else None,
        "format": article.format,
        "featured": int(article.featured),
        "comment_policy": article.comment_policy,
        "publish_at": article.publish_at,
        "listed_at": article.listed_at,
        "updated_at": article.updated_at,
        "body": article.body,
        "body_html": article.body_html,
    }


def _link(tx: Transaction, article: Article) -> None:
    copied = {"article_id": article.id, "type": article.type, "publish_at": article.publish_at}
    filed = (*article.tags, *article.categories)
    tx.run_many(
        _LINK[article_terms],
        [{**copied, "term_id": term.id, "position": position} for position, term in enumerate(filed)],
    )
    tx.run_many(
        _LINK[article_authors],
        [
            {**copied, "author_id": author.id, "position": position}
            for position, author in enumerate(article.authors)
        ],
    )
