"""The SQL of terms, and of the links by which things are filed under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from api.storage import Among, Keyset, Prepared, Transaction, columns_of, row_of
from api.storage.links import Links
from api.taxonomy.records import CountedTerm, Kind, Scope, Term, Use
from api.taxonomy.tables import terms
from api.text import slugs

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


_FIND = sa.select(*_TERM).where(_IN_SCOPE, terms.c.slug == sa.bindparam("named"))
_LOCK = _FIND.with_for_update()


def find_term(tx: Transaction, *, scope: Scope, kind: Kind, slug: str, lock: bool = False) -> Term | None:
    """The term of that slug; with `lock` it stays as it is until the transaction ends."""
    row = tx.row(_LOCK if lock else _FIND, in_scope=scope, of_kind=kind, named=slugs.composed(slug))
    return Term(*row) if row else None


_PARENT = sa.select(terms.c.parent_id).where(terms.c.id == sa.bindparam("term"))


def find_parent_id(tx: Transaction, *, term_id: str) -> str | None:
    """The id of the term above."""
    parent_id: str | None = tx.value(_PARENT, term=term_id)
    return parent_id


_BELOW = (
    sa.select(terms.c.id, terms.c.name, terms.c.name_key)
    .where(terms.c.parent_id == sa.bindparam("term"))
    .order_by(terms.c.id)
    .limit(sa.bindparam("most"))
)


def list_below(tx: Transaction, *, term_id: str, most: int) -> list[Use]:
    """At most so many of the categories directly below."""
    return [Use("category", row.id, row.name) for row in tx.rows(_BELOW, term=term_id, most=most)]


_other = terms.alias("other")
_NAMES_OF_BOTH = (
    sa.select(_other.c.name)
    .join_from(terms, _other, terms.c.name_key == _other.c.name_key)
    .where(terms.c.parent_id == sa.bindparam("term"), _other.c.parent_id == sa.bindparam("into"))
    .limit(1)
)


def find_name_below_both(tx: Transaction, *, term_id: str, into_id: str) -> str | None:
    """The name of a category that each of two has below it."""
    name: str | None = tx.value(_NAMES_OF_BOTH, term=term_id, into=into_id)
    return name


_UPDATE = sa.update(terms).where(terms.c.id == sa.bindparam("term"))


def update_term(tx: Transaction, *, term_id: str, **columns: str | None) -> None:
    """Change columns of a term."""
    tx.run(_UPDATE, term=term_id, **columns)


_MOVE_BELOW = (
    sa.update(terms).where(terms.c.parent_id == sa.bindparam("term")).values(parent_id=sa.bindparam("into"))
)


def move_below(tx: Transaction, *, term_id: str, into_id: str) -> None:
    """Put the categories below one below another."""
    tx.run(_MOVE_BELOW, term=term_id, into=into_id)


_DELETE = sa.delete(terms).where(terms.c.id == sa.bindparam("term"))


def delete_term(tx: Transaction, *, term_id: str) -> None:
    """Remove a term."""
    tx.run(_DELETE, term=term_id)


# As text, since SQLAlchemy moves a WITH to the top of a statement, where there is no term yet to begin with.
_ITSELF_AND_BELOW = sa.text(
    "(WITH RECURSIVE below (id) AS (SELECT terms.id UNION"
    " SELECT child.id FROM terms AS child JOIN below ON child.parent_id = below.id) SELECT id FROM below)"
)


class TermLinks(Links):
    """The links of all things of one scope to their terms, in the table that has the column `owner`.

    What the public sees meets one of the conditions `public`; what meets the first of them is counted.
    `title` is the column of the things' names.
    """

    def __init__(
        self,
        owner: sa.Column[str],
        *,
        scope: Scope,
        title: sa.Column[str],
        public: Sequence[sa.ColumnElement[bool]],
    ) -> None:
        super().__init__(owner, owner.table.c.term_id)
        self.scope = scope
        self._of_things = Prepared(
            sa.select(owner, terms.c.kind, *_TERM)
            .join_from(self.table, terms)
            .where(Among(owner, "ids"))
            .order_by(self.table.c.position)
        )
        self._counted = {"tag": self._counting(public), "category": self._counting(public, is_tree=True)}
        page = terms.c.slug > sa.bindparam("after")
        self._pages = {
            kind: counted.where(page).order_by(terms.c.slug).limit(sa.bindparam("most"))
            for kind, counted in self._counted.items()
        }
        of_term, other = self.other == sa.bindparam("term"), self.table.alias("other")
        self._uses = (
            sa.select(owner, title)
            .join_from(self.table, title.table)
            .where(of_term)
            .order_by(owner)
            .limit(sa.bindparam("most"))
        )
        self._users = sa.select(owner).where(of_term)
        has_other = sa.exists().where(other.c[owner.name] == owner, other.c.term_id == sa.bindparam("into"))
        things = title.table
        self._update_versions = (
            sa.update(things).where(Among(things.c.id, "ids")).values(version=things.c.version + 1)
        )
        self._move = sa.update(self.table).where(of_term, ~has_other).values(term_id=sa.bindparam("into"))

    def id_of(self, kind: str) -> sa.ScalarSelect[Any]:
        """The id of the term whose slug is the parameter `kind`."""
        return (
            sa.select(terms.c.id)
            .where(terms.c.shelf == self.scope, terms.c.kind == kind, terms.c.slug == sa.bindparam(kind))
            .scalar_subquery()
        )

    def find_terms(self, tx: Transaction, ids: Sequence[str]) -> TermsOf:
        """The terms of these things."""
        filed: TermsOf = {}
        for thing_id, kind, *term in tx.rows(self._of_things, ids=ids):
            filed[thing_id, kind] = (*filed.get((thing_id, kind), ()), Term(*term))
        return filed

    def list_counted(
        self, tx: Transaction, page: Keyset[str], *, kind: Kind, sees_all: bool
    ) -> list[CountedTerm]:
        """Tags or categories by slug: all, or those under which something public is filed."""
        values = {"after": page.position, "most": page.most, "now": tx.now, "sees_all": int(sees_all)}
        return [CountedTerm(*row) for row in tx.rows(self._pages[kind], of_kind=kind, **values)]

    def find_counted(self, tx: Transaction, *, kind: Kind, term_id: str) -> CountedTerm:
        """One tag or category."""
        statement = self._counted[kind].where(terms.c.id == sa.bindparam("term"))
        row = tx.row(statement, of_kind=kind, term=term_id, now=tx.now, sees_all=1)
        assert row is not None  # noqa: S101  # found before in this transaction
        return CountedTerm(*row)

    def list_uses(self, tx: Transaction, *, term_id: str, most: int) -> list[Use]:
        """At most so many of the things that are filed under the term."""
        rows = tx.rows(self._uses, term=term_id, most=most)
        return [Use("article" if self.scope == "articles" else "item", *row) for row in rows]

    def list_users(self, tx: Transaction, *, term_id: str) -> list[str]:
        """The ids of all things that are filed under the term."""
        return [row[0] for row in tx.rows(self._users, term=term_id)]

    def update_versions(self, tx: Transaction, *, ids: Sequence[str]) -> None:
        """Give these things a new version, as of now."""
        tx.run(self._update_versions, ids=ids, updated_at=tx.now)

    def move(self, tx: Transaction, *, term_id: str, into_id: str) -> None:
        """File what is under one term under another; what is under both already stays there."""
        tx.run(self._move, term=term_id, into=into_id)

    def _counting(self, public: Sequence[sa.ColumnElement[bool]], *, is_tree: bool = False) -> sa.Select[Any]:
        parents = terms.alias("parents")
        filed = sa.select(self.owner).where(self.other == terms.c.id)
        count = filed.where(public[0]).with_only_columns(sa.func.count()).scalar_subquery()
        if is_tree:
            filed = sa.select(self.owner).where(self.other.op("IN")(_ITSELF_AND_BELOW))
        return (
            sa.select(*columns_of(terms, CountedTerm, parent=parents.c.slug, count=count))
            .join_from(terms, parents, terms.c.parent_id == parents.c.id, isouter=True)
            .where(
                terms.c.shelf == self.scope,
                terms.c.kind == sa.bindparam("of_kind"),
                sa.or_(
                    sa.bindparam("sees_all", type_=sa.Integer) == 1,
                    # One at a time, so that each is the first entry of an index.
                    *(filed.where(one).exists() for one in public),
                ),
            )
        )
