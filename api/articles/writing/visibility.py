"""Who sees which articles: strangers what is published, authors also their own, editors all."""

from __future__ import annotations

from dataclasses import replace

from api.accounts.roles import ARTICLES_EDIT, ARTICLES_WRITE, Viewer, may
from api.articles.writing import queries
from api.articles.writing.records import Article, Filter, Position
from api.errors import NotFound
from api.storage import Keyset, Transaction


def find(tx: Transaction, *, name: str, viewer: Viewer | None, hold: bool = False) -> Article:
    """The article of that slug, old slug or id that `viewer` may see, or NotFound.

    With `hold` it stays as it is until the transaction ends.
    """
    article = queries.find_article(
        tx,
        name=name,
        account_id=viewer.id if viewer is not None and viewer.may(ARTICLES_WRITE) else None,
        sees_all=may(viewer, ARTICLES_EDIT),
        hold=hold,
    )
    if article is None:
        raise NotFound
    return article


def find_published(tx: Transaction, *, name: str) -> Article:
    """The article of that name that everybody sees, or NotFound."""
    return find(tx, name=name, viewer=None)


def browse(
    tx: Transaction, page: Keyset[Position | None], *, viewer: Viewer | None, wanted: Filter
) -> list[Article]:
    """A page of articles; of what is not published an author sees only what is their own."""
    if wanted.status != "published" and not may(viewer, ARTICLES_EDIT):
        wanted = replace(wanted, account=viewer.id if viewer else "")
    return queries.list_articles(tx, page, wanted=wanted)
