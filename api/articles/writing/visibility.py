"""Visibility of articles: strangers see what is published, authors also their own, editors all."""

from __future__ import annotations

from typing import Any

from api.articles.writing import listing, queries
from api.articles.writing.records import Article, Filter, Position
from api.errors import NotFound
from api.roles import ARTICLES_EDIT, ARTICLES_WRITE, Viewer, may
from api.storage import Keyset, Transaction
from api.text import slugs


def find(tx: Transaction, *, ref: str, viewer: Viewer | None, lock: bool = False) -> Article:
    """The article of that slug, old slug or id that `viewer` may see, or NotFound.

    With `lock` it stays as it is until the transaction ends.
    """
    article = queries.find_article(
        tx,
        ref=slugs.composed(ref),
        account_id=viewer.id if viewer is not None and viewer.may(ARTICLES_WRITE) else None,
        sees_all=may(viewer, ARTICLES_EDIT),
        lock=lock,
    )
    if article is None:
        raise NotFound
    return article


def find_for_change(tx: Transaction, *, ref: str, viewer: Viewer, lock: bool = True) -> Article:
    """The article, if `viewer` may change it; else NotFound, or NotAllowed when it can be seen."""
    article = find(tx, ref=ref, viewer=viewer, lock=lock)
    if not (viewer.may(ARTICLES_EDIT) or article.is_by(viewer.id)):
        raise viewer.lacking(ARTICLES_EDIT, "This article belongs to another author.")
    return article


def list_articles(
    tx: Transaction, page: Keyset[Position | None], *, viewer: Viewer | None, **filters: Any
) -> list[Article]:
    """A page of articles; of what is not published an author sees only what is their own."""
    filter = Filter(**filters)
    if filter.status != "published" and not may(viewer, ARTICLES_EDIT):
        filter = Filter(**filters, account=viewer.id if viewer else "")
    return listing.list_articles(tx, page, filter=filter)
