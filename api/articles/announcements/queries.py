"""The SQL that finds the articles that have appeared by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from api.articles.writing.queries import WHOLE, complete
from api.articles.writing.records import Article
from api.articles.writing.tables import IS_UNANNOUNCED, articles
from api.storage import Among, Prepared, Transaction

_HAS_APPEARED = (articles.c.publish_at <= sa.bindparam("now")) & IS_UNANNOUNCED
_UNANNOUNCED = Prepared(sa.select(articles.c.id).where(_HAS_APPEARED).limit(sa.literal_column("1")))


def has_unannounced(tx: Transaction) -> bool:
    """Whether an article has appeared by itself whose publication is not noted yet."""
    return tx.row(_UNANNOUNCED, now=tx.now) is not None


_LOCK_UNANNOUNCED = (
    sa.select(*WHOLE)
    .where(_HAS_APPEARED)
    .order_by(articles.c.publish_at)
    .limit(sa.bindparam("most"))
    .with_for_update(of=articles, key_share=True, skip_locked=True)
)


def lock_unannounced(tx: Transaction, *, most: int) -> list[Article]:
    """At most so many of these articles that nobody else has locked, the earliest first."""
    return complete(tx, tx.rows(_LOCK_UNANNOUNCED, now=tx.now, most=most))


_ANNOUNCE = sa.update(articles).where(Among(articles.c.id, "ids"), _HAS_APPEARED).values(unannounced=0)


def update_announced(tx: Transaction, *, ids: Sequence[str]) -> int:
    """Mark those of the articles as announced that have appeared and are not; their number."""
    return tx.run(_ANNOUNCE, ids=ids, now=tx.now)
