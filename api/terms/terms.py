"""Terms are made on first use: naming one finds it, whatever its case or accents, or creates it."""

from __future__ import annotations

from collections.abc import Iterable

from api import slugs
from api.database import Transaction
from api.ids import new_id
from api.terms import queries
from api.terms.records import Kind, Shelf, Term


def named(tx: Transaction, shelf: Shelf, kind: Kind, names: Iterable[str]) -> list[Term]:
    """The terms of these names in the order given, each once."""
    found = {term.id: term for term in (one(tx, shelf, kind, name) for name in names)}
    return list(found.values())


def one(
    tx: Transaction,
    shelf: Shelf,
    kind: Kind,
    name: str,
    *,
    parent: Term | None = None,
    slug: str | None = None,
) -> Term:
    """The term of this name (under `parent`, when given); a new one gets `slug`, or one from its name."""
    key = _key(name)
    for term in queries.find_by_name(tx, shelf=shelf, kind=kind, key=key):
        if parent is None or term.parent_id == parent.id:
            return term
    term = Term(
        id=new_id("trm"),
        name=name.strip(),
        slug=slugs.unique(
            slug or slugs.slug_from(name),
            kind,
            lambda candidate: queries.find_by_slug(tx, shelf=shelf, kind=kind, slug=candidate) is not None,
        ),
        parent_id=parent.id if parent else None,
    )
    queries.insert_term(tx, term, shelf=shelf, kind=kind, key=key)
    return term


def _key(name: str) -> str:
    return slugs.slug_from(name) or name.strip().casefold()
