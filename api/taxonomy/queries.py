"""The SQL of terms, and of the links by which things are filed under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from api.storage import Among, Keyset, Prepared, Transaction, columns_of, row_of
from api.storage.links import Links
from api.taxonomy.records import CountedTerm, Kind, Scope, Term
from api.taxonomy.tables import terms

TermsOf: TypeAlias = dict[tuple[str, str], tuple[Term, ...]]
"""Terms by the id of the thing that is filed under them, and by their kind."""

_TERM = columns_of(terms, Term)
_IN_SCOPE = (terms.c.shelf == sa.bindparam("in_scope")) & (terms.c.kind == sa.bindparam("of_kind"))

_BY_NAME = (
    sa.select(*_TERM)
    .where(_IN_SCOPE, terms.c.name_key == sa.bindparam("key"))
    .order_by(terms.c.parent_id.isnot(None), terms.c.id)
)


def find_by_name(tx: Transaction, *, scope: Scope, kind: Kind, key: str) -> list[Term]:
    """Every term of that folded name, the one without a parent first."""
    return [Term(*row) for row in tx.rows(_BY_NAME, in_scope=scope, of_kind=kind, key=key)]


_BY_SLUG = sa.select(terms.c.id).where(_IN_SCOPE, terms.c.slug == sa.bindparam("named"))


def is_slug_taken(tx: Transaction, *, scope: Scope, kind: Kind, slug: str) -> bool:
    """Whether a term has the slug."""
    return tx.value(_BY_SLUG, in_scope=scope, of_kind=kind, named=slug) is not None


_IDS = sa.select(terms.c.id).where(terms.c.shelf == sa.bindparam("in_scope"))


def list_ids(tx: Transaction, *, scope: Scope) -> set[str]:
    """The id of every term of the scope."""
    return {row.id for row in tx.rows(_IDS, in_scope=scope)}


# Both databases know this form; a second insert of one name waits here until the first transaction has ended.
_INSERT = sa.text(
    "INSERT INTO terms (id, shelf, kind, slug, name, name_key, parent_id)"
    " VALUES (:id, :shelf, :kind, :slug, :name, :name_key, :parent_id) ON CONFLICT DO NOTHING"
)


def insert_term(tx: Transaction, term: Term, *, scope: Scope, kind: Kind, key: str) -> bool:
    """Store a new term; False when its name or slug is there already."""
    return tx.run(_INSERT, **row_of(term, shelf=scope, kind=kind, name_key=key)) == 1


class TermLinks(Links):
    """The links of all things of one scope to their terms, in the table that has the column `owner`.

    What the public sees meets one of the conditions `public`; what meets the first of them is counted.
    """

    def __init__(
        self, owner: sa.Column[str], *, scope: Scope, public: Sequence[sa.ColumnElement[bool]] = ()
    ) -> None:
        super().__init__(owner, owner.table.c.term_id)
        self._scope = scope
        self._of_things = Prepared(
            sa.select(owner, terms.c.kind, *_TERM)
            .join_from(self.table, terms)
            .where(Among(owner, "ids"))
            .order_by(self.table.c.position)
        )
        if public:
            self._counted = self._counting(public)

    def id_of(self, kind: str) -> sa.ScalarSelect[Any]:
        """The id of the term whose slug is the parameter `kind`."""
        return (
            sa.select(terms.c.id)
            .where(terms.c.shelf == self._scope, terms.c.kind == kind, terms.c.slug == sa.bindparam(kind))
            .scalar_subquery()
        )

    def find_terms(self, tx: Transaction, ids: Sequence[str]) -> TermsOf:
        """The terms of these things."""
        filed: TermsOf = {}
        for thing_id, kind, *term in tx.rows(self._of_things, ids=ids):
            filed[thing_id, kind] = (*filed.get((thing_id, kind), ()), Term(*term))
        return filed

    def list_counted(self, tx: Transaction, page: Keyset[str], *, kind: Kind) -> list[CountedTerm]:
        """Tags or categories by slug; those of nothing but what the public does not see are left out."""
        rows = tx.rows(self._counted, of_kind=kind, after=page.position, now=tx.now, most=page.most)
        return [CountedTerm(*row) for row in rows]

    def _counting(self, public: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
        parents = terms.alias("parents")
        filed = sa.select(self.owner).where(self.other == terms.c.id)
        count = filed.where(public[0]).with_only_columns(sa.func.count()).scalar_subquery()
        return (
            sa.select(*columns_of(terms, CountedTerm, parent=parents.c.slug, count=count))
            .join_from(terms, parents, terms.c.parent_id == parents.c.id, isouter=True)
            .where(
                terms.c.shelf == self._scope,
                terms.c.kind == sa.bindparam("of_kind"),
                terms.c.slug > sa.bindparam("after"),
                # One at a time, so that each is the first entry of an index.
                sa.or_(~filed.exists(), *(filed.where(one).exists() for one in public)),
            )
            .order_by(terms.c.slug)
            .limit(sa.bindparam("most"))
        )
