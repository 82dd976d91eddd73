"""Terms are made on first use: naming one finds it, whatever its case or accents, or creates it."""

from __future__ import annotations

from collections.abc import Iterable

from api.storage import Transaction
from api.taxonomy import queries
from api.taxonomy.records import Kind, Shelf, Term
from api.text import slugs
from api.text.folding import folded


def named(tx: Transaction, shelf: Shelf, kind: Kind, names: Iterable[str]) -> list[Term]:
    """The terms of these names in the order given, each once."""
    names = list(names)
    # Made in one order whoever asks, so that two transactions never wait for each other.
    terms = {name: one(tx, shelf, kind, name) for name in sorted(dict.fromkeys(names), key=_key)}
    return list({terms[name].id: terms[name] for name in names}.values())


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
    wanted = slugs.normal(slug or "") or slugs.slug_from(name)
    while True:
        for term in queries.find_by_name(tx, shelf=shelf, kind=kind, key=key):
            if parent is None or term.parent_id == parent.id:
                return term
        free = slugs.unique(
            wanted,
            kind,
            lambda taken: queries.find_by_slug(tx, shelf=shelf, kind=kind, slug=taken) is not None,
        )
        under = parent.id if parent else None
        term = Term(id=tx.new_id("trm"), name=name.strip(), slug=free, parent_id=under)
        if queries.insert_term(tx, term, shelf=shelf, kind=kind, key=key):
            return term
        # Another transaction was first with the name or the slug, and has ended: look again.


def ids(tx: Transaction, shelf: Shelf) -> set[str]:
    """The id of every term on the shelf."""
    return queries.list_ids(tx, shelf=shelf)


def _key(name: str) -> str:
    return " ".join(folded(name).split())
