"""The events of articles, and when each is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.articles.announcements import queries
from api.articles.writing import queries as writing
from api.articles.writing.records import Article, ArticleStatus
from api.events import rules as events
from api.events.records import EventType
from api.roles import Viewer
from api.storage import Database, Transaction

AT_ONCE = 50
"""Articles in memory at a time."""
_BECAME: Mapping[ArticleStatus, EventType] = {
    "draft": "article.unpublished",
    "scheduled": "article.scheduled",
    "published": "article.published",
}


def announce(db: Database) -> bool:
    """Note that some articles have appeared by themselves; whether there may be more."""
    with db.read() as tx:
        if not queries.has_unannounced(tx):
            return False
    with db.write() as tx:
        articles = queries.lock_unannounced(tx, most=AT_ONCE)
        queries.update_announced(tx, ids=[article.id for article in articles])
        events.note_each(tx, (("article.published", article) for article in articles))
    return len(articles) == AT_ONCE


def announce_due(tx: Transaction, article: Article) -> None:
    """Note the publication of an article that has just appeared, before its date is changed."""
    if article.status == "published" and queries.update_announced(tx, ids=[article.id]):
        events.note(tx, "article.published", article)


def note_change(tx: Transaction, before: Article, after: Article, *, actor: Viewer | None) -> None:
    """Note what has become of an article."""
    moved = after.status == "scheduled" and after.publish_at != before.publish_at
    kind = _BECAME[after.status] if moved or after.status != before.status else "article.updated"
    events.note(tx, kind, after, actor=actor)


def note_updated(tx: Transaction, ids: Sequence[str], actor: Viewer) -> None:
    """Note that these articles have changed with something that they show, such as a tag."""
    for start in range(0, len(ids), AT_ONCE):
        articles = writing.list_by_id(tx, ids=ids[start : start + AT_ONCE])
        events.note_each(tx, (("article.updated", article) for article in articles), actor=actor)
