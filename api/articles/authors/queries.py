"""The SQL of authors."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from api.accounts.profiles.tables import accounts
from api.articles.authors.records import Author, CountedAuthor
from api.articles.authors.tables import authors
from api.articles.writing.tables import article_authors
from api.storage import Among, Keyset, Transaction, columns_of, row_of

_OF_ITS_ACCOUNT = sa.select(accounts.c.name).where(accounts.c.id == authors.c.account_id).scalar_subquery()
NAME = sa.func.coalesce(_OF_ITS_ACCOUNT, authors.c.name).label("name")
"""The name of an author: that of the account now, or the one that is left when the account is gone."""

_AUTHOR = columns_of(authors, Author, name=NAME)

_FIND = sa.select(*_AUTHOR).where(authors.c.id == sa.bindparam("author"))


def find_author(tx: Transaction, *, author_id: str) -> Author | None:
    """The author of that id."""
    row = tx.row(_FIND, author=author_id)
    return Author(*row) if row else None


_OF_ACCOUNT = sa.select(*_AUTHOR).where(authors.c.account_id == sa.bindparam("account"))


def find_author_of(tx: Transaction, *, account_id: str) -> Author | None:
    """The author that the account is."""
    row = tx.row(_OF_ACCOUNT, account=account_id)
    return Author(*row) if row else None


_OF_SLUGS = sa.select(*_AUTHOR).where(Among(authors.c.slug, "slugs"))


def list_by_slug(tx: Transaction, *, slugs: Collection[str]) -> dict[str, Author]:
    """Slug → author, for those that there are."""
    rows = [Author(*row) for row in tx.rows(_OF_SLUGS, slugs=[*slugs])]
    return {author.slug: author for author in rows}


_OF_SLUG = sa.select(authors.c.id).where(authors.c.slug == sa.bindparam("named"))


def is_slug_taken(tx: Transaction, *, slug: str) -> bool:
    """Whether an author has the slug."""
    return tx.value(_OF_SLUG, named=slug) is not None


# Both databases know this form; a second author of one slug or account waits until the first one is there.
_INSERT = sa.text(
    "INSERT INTO authors (id, slug, name, account_id) VALUES (:id, :slug, :name, :account_id)"
    " ON CONFLICT DO NOTHING"
)


def insert_author(tx: Transaction, author: Author) -> bool:
    """Store a new author; False when the slug or the account has one."""
    return tx.run(_INSERT, **row_of(author)) == 1


_UPDATE = sa.update(authors).where(authors.c.id == sa.bindparam("author"))


def update_author(tx: Transaction, *, author_id: str, **columns: str | None) -> None:
    """Change columns of an author."""
    tx.run(_UPDATE, author=author_id, **columns)


_DELETE_UNUSED = sa.delete(authors).where(
    authors.c.id == sa.bindparam("author"),
    ~sa.exists().where(article_authors.c.author_id == authors.c.id),
)


def delete_unused_author(tx: Transaction, *, author_id: str) -> bool:
    """Remove an author who signs nothing; False if there is something."""
    return tx.run(_DELETE_UNUSED, author=author_id) == 1


_SIGNED = sa.select(article_authors.c.article_id).where(
    article_authors.c.author_id == authors.c.id, article_authors.c.publish_at <= sa.bindparam("now")
)
_SIGNED_ARTICLES = _SIGNED.where(article_authors.c.type == "article")
_SIGNED_PAGES = _SIGNED.where(article_authors.c.type == "page")
SIGNS_PUBLIC = sa.or_(_SIGNED_ARTICLES.exists(), _SIGNED_PAGES.exists())
"""Whether something by the author is published, in a statement that selects authors."""
_COUNTED = (
    sa.select(
        *columns_of(
            authors,
            CountedAuthor,
            name=NAME,
            count=_SIGNED_ARTICLES.with_only_columns(sa.func.count()).scalar_subquery(),
        )
    )
    .where(authors.c.slug > sa.bindparam("after"), SIGNS_PUBLIC)
    .order_by(authors.c.slug)
    .limit(sa.bindparam("most"))
)


def list_authors(tx: Transaction, page: Keyset[str]) -> list[CountedAuthor]:
    """Authors of what is published, by slug."""
    return [CountedAuthor(*row) for row in tx.rows(_COUNTED, after=page.position, now=tx.now, most=page.most)]
