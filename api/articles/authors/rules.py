"""The names under which articles appear; an account gets one with its first article."""

from __future__ import annotations

from api.articles.authors import queries
from api.articles.authors.records import Author
from api.storage import Transaction
from api.text import slugs


def of_account(tx: Transaction, *, account_id: str, name: str) -> Author:
    """The author that the account is, made on first use; takes over a name that has changed."""
    known = queries.find_author_of(tx, account_id=account_id)
    if known is None:
        new = Author(tx.new_id("aut"), name, free_slug(tx, name), account_id)
        if queries.insert_author(tx, new):
            return new
        return of_account(tx, account_id=account_id, name=name)  # another transaction was first
    if known.name != name:
        queries.update_author(tx, author_id=known.id, name=name)
        return Author(known.id, name, known.slug, account_id)
    return known


def free_slug(tx: Transaction, name: str) -> str:
    """A slug made from `name` that no author has."""
    return slugs.unique(slugs.slug_from(name), "author", lambda slug: queries.is_slug_taken(tx, slug=slug))
