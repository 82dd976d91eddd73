"""Publication: now, at a time to come or at one that was, and its end."""

from __future__ import annotations

from msgspec.structs import replace

from api.articles.announcements import rules as announcements
from api.articles.writing import queries
from api.articles.writing.records import Article, status_at
from api.articles.writing.tables import article_words
from api.roles import Viewer
from api.storage import Transaction
from api.times import Instant


def publish(
    tx: Transaction, article: Article, *, publish_at: Instant | None, actor: Viewer | None = None
) -> Article:
    """Publish at `publish_at`, or without one when it was published before, else now."""
    if publish_at is None:
        publish_at = _last_published_at(article) or tx.now
    return _dated(tx, article, publish_at, actor=actor)


def withdraw(tx: Transaction, article: Article, *, actor: Viewer | None = None) -> Article:
    """Make the article a draft again."""
    return _dated(tx, article, None, actor=actor)


def next_after(tx: Transaction, after: Instant) -> Instant | None:
    """The instant at which the next scheduled article appears by itself."""
    return queries.find_next_publication(tx, after=after)


def _dated(tx: Transaction, article: Article, publish_at: Instant | None, *, actor: Viewer | None) -> Article:
    if publish_at == article.publish_at:
        return article
    if article.status == "published":
        queries.note_loss(tx, type=article.type)
    announcements.announce_due(tx, article)
    listed_at = publish_at or article.created_at
    number = article.number
    if listed_at != article.listed_at:
        number = queries.find_free_number(tx, listed_at=listed_at)
        article_words.move(tx, article.number, to=number)
    last, status = _last_published_at(article), status_at(publish_at, tx.now)
    queries.update_publication(
        tx,
        article_id=article.id,
        number=number,
        publish_at=publish_at,
        listed_at=listed_at,
        last_published_at=last,
        version=article.version + 1,
        unannounced=int(status == "scheduled"),
    )
    after = replace(
        article,
        number=number,
        status=status,
        publish_at=publish_at,
        listed_at=listed_at,
        last_published_at=last,
        updated_at=tx.now,
        version=article.version + 1,
    )
    announcements.note_change(tx, article, after, actor=actor)
    return after


def _last_published_at(article: Article) -> Instant | None:
    return article.publish_at if article.status == "published" else article.last_published_at
