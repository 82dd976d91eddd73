"""Where articles are: the slugs that lead to them, and their pages on the site."""

from __future__ import annotations

from urllib.parse import quote

from api.articles.writing import draft_queries as queries
from api.storage import Transaction
from api.text import slugs
from api.text.slugs import SlugTaken


def article_url(site: str, slug: str) -> str:
    """The address of an article's or a page's own page on the site at `site`."""
    return f"{site}/article/?slug={quote(slug, safe='')}"


def claim(tx: Transaction, *, article_id: str, slug: str) -> None:
    """Make a slug that somebody asked for lead to the article; SlugTaken when it is another's.

    What was another's and is no longer may be taken over: it leads here then.
    """
    if queries.insert_slug(tx, slug=slug, article_id=article_id):
        return
    found = queries.find_slug_owner(tx, slug=slug)
    owner, is_old = found or ("", False)
    if owner == article_id:
        return
    if not is_old or not queries.take_slug(tx, slug=slug, owner=owner, article_id=article_id):
        raise SlugTaken


def claim_free(tx: Transaction, *, article_id: str, slug: str, fallback: str) -> str:
    """Make `slug`, or the first with a number that is and was nobody's, lead to the article."""
    free = slug or fallback
    while not queries.insert_slug(tx, slug=free, article_id=article_id):
        free = slugs.unique(slug, fallback, lambda taken: queries.find_slug_owner(tx, slug=taken) is not None)
    return free


def keep_old(tx: Transaction, *, article_id: str, slug: str) -> None:
    """Let a slug from elsewhere lead to the article too, if it is free."""
    old = slugs.normal(slug)
    if old:
        queries.insert_slug(tx, slug=old, article_id=article_id)
