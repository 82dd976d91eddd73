"""The SQL of the summary: one statement, which reads each count from an index, up to MOST and no further."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.articles.authors.tables import authors
from api.articles.comments.tables import comments
from api.articles.writing.tables import article_authors, articles
from api.jobs.tables import HAS_FAILED, jobs
from api.mail.tables import UNSENT, mails
from api.shop.items.tables import PUBLIC, items
from api.shop.orders.tables import IS_TO_SEND, UNPAID, orders
from api.shop.refunds.tables import IS_ON_ITS_WAY, NOT_GIVEN, refunds
from api.shop.variants.tables import IS_LOW, variants
from api.storage import Prepared, Transaction
from api.times import Instant
from api.webhooks.tables import webhooks

MOST = 1_000
"""The highest count: it stands for as many or more."""

_DATED = articles.c.publish_at.is_not(None) & (articles.c.listed_at > sa.bindparam("now"))
_ARTICLES = sa.select(articles.c.id).where(articles.c.type == "article")
_OWN = sa.select(article_authors.c.article_id).where(
    article_authors.c.author_id
    == sa.select(authors.c.id).where(authors.c.account_id == sa.bindparam("viewer")).scalar_subquery(),
    article_authors.c.type == "article",
)
_OWN_ARTICLES = (
    sa.select(article_authors.c.article_id)
    .join_from(article_authors, authors)
    .where(authors.c.account_id == sa.bindparam("viewer"))
)
_PENDING = sa.select(comments.c.id).where(comments.c.status == "pending")
_IN_TIME = orders.c.expires_at.is_(None) | (orders.c.expires_at > sa.bindparam("now"))
_REFUNDED = sa.select(refunds.c.order_id)
_RUNNING_OUT = sa.select(variants.c.item_id).where(IS_LOW)


def _with_refund(these: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(orders.c.id).where(orders.c.id.in_(these))


def _on_sale(these: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(items.c.id).where(items.c.id.in_(these), PUBLIC, items.c.deleted_at.is_(None))


_WAITING: dict[str, sa.Select[Any]] = {
    "articles_draft": _ARTICLES.where(articles.c.publish_at.is_(None)),
    "articles_scheduled": _ARTICLES.where(_DATED),
    "own_articles_draft": _OWN.where(article_authors.c.publish_at.is_(None)),
    "own_articles_scheduled": _OWN.where(article_authors.c.publish_at > sa.bindparam("now")),
    "comments_pending": _PENDING,
    "own_comments_pending": _PENDING.where(comments.c.article_id.in_(_OWN_ARTICLES)),
    "orders_unpaid": sa.select(orders.c.id).where(UNPAID, _IN_TIME),
    "orders_to_send": sa.select(orders.c.id).where(IS_TO_SEND),
    "refunds_pending": _with_refund(_REFUNDED.where(IS_ON_ITS_WAY)),
    "refunds_failed": _with_refund(_REFUNDED.where(NOT_GIVEN, refunds.c.created_at > sa.bindparam("since"))),
    "stock_low": _on_sale(_RUNNING_OUT),
    "stock_out": _on_sale(_RUNNING_OUT.where(variants.c.available == 0)),
    "jobs_failed": sa.select(jobs.c.id).where(HAS_FAILED, jobs.c.id > ""),
    "mails_failed": sa.select(mails.c.id).where(UNSENT, mails.c.id > ""),
    "webhooks_disabled": sa.select(webhooks.c.id).where(webhooks.c.status == "disabled"),
}


def count(tx: Transaction, names: tuple[str, ...], *, viewer: str, since: Instant) -> Mapping[str, int]:
    """How many of each there are, at most MOST; `since` is when the oldest failed refund was begun."""
    row = tx.row(counting(names), viewer=viewer, since=since, now=tx.now)
    return row._asdict() if row else {}


@cache
def counting(names: tuple[str, ...]) -> Prepared:
    """The statement that counts these."""
    limited = (_WAITING[name].limit(sa.literal_column(str(MOST))).subquery() for name in names)
    counts = (sa.select(sa.func.count()).select_from(some).scalar_subquery() for some in limited)
    return Prepared(sa.select(*(one.label(name) for one, name in zip(counts, names, strict=True))))
