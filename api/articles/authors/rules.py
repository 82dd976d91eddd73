"""The names under which articles appear; an account gets one with its first article."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from api.articles.authors import queries
from api.articles.authors.records import Author
from api.errors import Conflict, NotFound
from api.storage import Transaction
from api.text import slugs


class UnknownAuthor(Conflict):
    """There is no author with that slug."""

    code, title = "unknown-author", "Unknown author"
    remedy = (
        "Use the slugs of GET /v1/authors, or of `authors` in a draft; everyone has one who has written one."
    )


def of_account(tx: Transaction, *, account_id: str, name: str) -> Author:
    """The author that the account is, made on first use; takes over a name that has changed."""
    known = queries.find_author_of(tx, account_id=account_id)
    if known is None:
        new = Author(tx.new_id("aut"), name, _free_slug(tx, name), account_id)
        if queries.insert_author(tx, new):
            return new
        return of_account(tx, account_id=account_id, name=name)  # another transaction was first
    if known.name != name:
        return rename(tx, known, name=name)
    return known


def find(tx: Transaction, *, ref: str) -> Author:
    """The author of that id, or NotFound."""
    author = queries.find_author(tx, author_id=ref)
    if author is None:
        raise NotFound
    return author


def with_slugs(tx: Transaction, refs: Sequence[str]) -> tuple[Author, ...]:
    """The authors with these slugs, in their order, each once; UnknownAuthor."""
    sought = [slugs.normal(ref) for ref in refs]
    authors = queries.list_by_slug(tx, slugs=sought)
    unknown = [
        (f"/authors/{index}", f"No author has the slug {refs[index]}.")
        for index, slug in enumerate(sought)
        if slug not in authors
    ]
    if unknown:
        raise UnknownAuthor.at_each(unknown)
    return tuple(dict.fromkeys(authors[slug] for slug in sought))


def create(tx: Transaction, *, name: str, slug: str | None = None) -> Author:
    """Store an author who is nobody's account; a slug that is taken gets a number."""
    while True:
        author = Author(tx.new_id("aut"), name, _free_slug(tx, slug or name))
        if queries.insert_author(tx, author):
            return author


def rename(tx: Transaction, author: Author, *, name: str) -> Author:
    """Give the author another name; the slug stays."""
    queries.update_author(tx, author_id=author.id, name=name)
    return replace(author, name=name)


def leave(tx: Transaction, *, account_id: str) -> None:
    """Part the author from the account, which goes: what it has signed keeps the byline that it has now."""
    author = queries.find_author_of(tx, account_id=account_id)
    if author is not None and not queries.delete_unused_author(tx, author_id=author.id):
        queries.update_author(tx, author_id=author.id, name=author.name, account_id=None)


def _free_slug(tx: Transaction, name: str) -> str:
    """A slug made from `name` that no author has."""
    return slugs.unique(slugs.slug_from(name), "author", lambda slug: queries.is_slug_taken(tx, slug=slug))
