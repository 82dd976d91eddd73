"""The SQL of authors, and of the lists that count published articles."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.articles.authors.records import Author, Counted
from api.articles.authors.tables import authors
from api.articles.writing.tables import article_authors, article_terms
from api.storage import Keyset, Row, Transaction
from api.taxonomy.tables import terms

_COLUMNS = (authors.c.id, authors.c.name, authors.c.slug, authors.c.account_id)
_OF_ACCOUNT = sa.select(*_COLUMNS).where(authors.c.account_id == sa.bindparam("account"))
_OF_SLUG = sa.select(authors.c.id).where(authors.c.slug == sa.bindparam("wanted"))
_IMPORTED = sa.select(*_COLUMNS, authors.c.fingerprint).where(
    authors.c.source == sa.bindparam("origin"), authors.c.external_id == sa.bindparam("key")
)
# Both databases know this form; a second author of one slug or account waits until the first one is there.
_INSERT = sa.text(
    "INSERT INTO authors (id, slug, name, account_id, source, external_id, fingerprint)"
    " VALUES (:id, :slug, :name, :account_id, :source, :external_id, :fingerprint) ON CONFLICT DO NOTHING"
)
_UPDATE = sa.update(authors).where(authors.c.id == sa.bindparam("author"))


def find_author_of(tx: Transaction, *, account_id: str) -> Author | None:
    """The author that the account is."""
    row = tx.row(_OF_ACCOUNT, account=account_id)
    return Author(*row) if row else None


def is_slug_taken(tx: Transaction, *, slug: str) -> bool:
    """Whether an author has the slug."""
    return tx.value(_OF_SLUG, wanted=slug) is not None


def insert_author(
    tx: Transaction,
    author: Author,
    *,
    source: str | None = None,
    external_id: str | None = None,
    fingerprint: str | None = None,
) -> bool:
    """Store a new author; False when the slug, the account or the origin has one."""
    stored = tx.run(
        _INSERT,
        id=author.id,
        slug=author.slug,
        name=author.name,
        account_id=author.account_id,
        source=source,
        external_id=external_id,
        fingerprint=fingerprint,
    )
    return stored == 1


def update_author(tx: Transaction, *, author_id: str, **columns: str) -> None:
    """Change columns of an author."""
    tx.run(_UPDATE, author=author_id, **columns)


def find_imported(tx: Transaction, *, source: str, external_id: str) -> Row | None:
    """id, name, slug, account_id and fingerprint of the author that an earlier import brought."""
    return tx.row(_IMPORTED, origin=source, key=external_id)


def list_terms(tx: Transaction, page: Keyset[str], *, kind: str) -> list[Counted]:
    """Tags or categories by slug; those known from unpublished articles only are left out."""
    return [
        Counted(*row)
        for row in tx.rows(_TERMS, of_kind=kind, after=page.position, now=tx.now, most=page.most)
    ]


def list_authors(tx: Transaction, page: Keyset[str]) -> list[Counted]:
    """Authors of published articles by slug."""
    return [Counted(*row) for row in tx.rows(_AUTHORS, after=page.position, now=tx.now, most=page.most)]


def _published(link: sa.Table, condition: sa.ColumnElement[bool], type: str) -> sa.Select[Any]:
    return sa.select(link.c.article_id).where(
        condition, link.c.type == type, link.c.publish_at <= sa.bindparam("now")
    )


def _count(link: sa.Table, condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return _published(link, condition, "article").with_only_columns(sa.func.count()).scalar_subquery()


_parents = terms.alias("parents")
_FILED = article_terms.c.term_id == terms.c.id
_TERMS = (
    sa.select(terms.c.slug, terms.c.name, _parents.c.slug, _count(article_terms, _FILED))
    .join_from(terms, _parents, terms.c.parent_id == _parents.c.id, isouter=True)
    .where(
        terms.c.shelf == "articles",
        terms.c.kind == sa.bindparam("of_kind"),
        terms.c.slug > sa.bindparam("after"),
        sa.or_(
            ~sa.exists().where(_FILED),
            _published(article_terms, _FILED, "article").exists(),
            _published(article_terms, _FILED, "page").exists(),
        ),
    )
    .order_by(terms.c.slug)
    .limit(sa.bindparam("most"))
)
_SIGNED = article_authors.c.author_id == authors.c.id
_AUTHORS = (
    sa.select(authors.c.slug, authors.c.name, sa.null(), _count(article_authors, _SIGNED))
    .where(
        authors.c.slug > sa.bindparam("after"),
        sa.or_(
            _published(article_authors, _SIGNED, "article").exists(),
            _published(article_authors, _SIGNED, "page").exists(),
        ),
    )
    .order_by(authors.c.slug)
    .limit(sa.bindparam("most"))
)
