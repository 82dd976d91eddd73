"""The SQL of terms."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Transaction
from api.taxonomy.records import Term
from api.taxonomy.tables import terms

_COLUMNS = (terms.c.id, terms.c.name, terms.c.slug, terms.c.parent_id)
_SHELF = (terms.c.shelf == sa.bindparam("on_shelf")) & (terms.c.kind == sa.bindparam("of_kind"))
_BY_NAME = (
    sa.select(*_COLUMNS)
    .where(_SHELF, terms.c.name_key == sa.bindparam("key"))
    .order_by(terms.c.parent_id.isnot(None), terms.c.id)
)
_BY_SLUG = sa.select(*_COLUMNS).where(_SHELF, terms.c.slug == sa.bindparam("named"))
# Both databases know this form; a second insert of one name waits here until the first transaction has ended.
_INSERT = sa.text(
    "INSERT INTO terms (id, shelf, kind, slug, name, name_key, parent_id)"
    " VALUES (:id, :shelf, :kind, :slug, :name, :name_key, :parent_id) ON CONFLICT DO NOTHING"
)
_IDS = sa.select(terms.c.id).where(terms.c.shelf == sa.bindparam("on_shelf"))


def find_by_name(tx: Transaction, *, shelf: str, kind: str, key: str) -> list[Term]:
    """Every term of that folded name, the one without a parent first."""
    return [Term(*row) for row in tx.rows(_BY_NAME, on_shelf=shelf, of_kind=kind, key=key)]


def list_ids(tx: Transaction, *, shelf: str) -> set[str]:
    """The id of every term on the shelf."""
    return {row.id for row in tx.rows(_IDS, on_shelf=shelf)}


def find_by_slug(tx: Transaction, *, shelf: str, kind: str, slug: str) -> Term | None:
    """The term of that slug."""
    row = tx.row(_BY_SLUG, on_shelf=shelf, of_kind=kind, named=slug)
    return Term(*row) if row else None


def insert_term(tx: Transaction, term: Term, *, shelf: str, kind: str, key: str) -> bool:
    """Store a new term; False when its name or slug is there already."""
    stored = tx.run(
        _INSERT,
        id=term.id,
        shelf=shelf,
        kind=kind,
        slug=term.slug,
        name=term.name,
        name_key=key,
        parent_id=term.parent_id,
    )
    return stored == 1
