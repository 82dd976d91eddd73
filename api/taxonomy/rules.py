"""Terms are made on first use: naming one finds it, whatever its case or accents, or creates it."""

from __future__ import annotations

from collections.abc import Iterable

from api.storage import Transaction
from api.taxonomy import queries
from api.taxonomy.records import Kind, Scope, Term
from api.text import slugs
from api.text.folding import folded


def named(tx: Transaction, scope: Scope, kind: Kind, names: Iterable[str]) -> tuple[Term, ...]:
    """The terms of these names in their order, each once."""
    names = list(names)
    # Made in one order whoever asks, so that two transactions never wait for each other.
    terms = {name: one(tx, scope, kind, name) for name in sorted(dict.fromkeys(names), key=_key)}
    return tuple({terms[name].id: terms[name] for name in names}.values())


def one(
    tx: Transaction,
    scope: Scope,
    kind: Kind,
    name: str,
    *,
    parent: Term | None = None,
    slug: str | None = None,
) -> Term:
    """The term of this name (under `parent`, if any); a new one gets `slug`, or one from its name."""
    key = _key(name)
    slug = slugs.normal(slug or "") or slugs.slug_from(name)
    while True:
        for term in queries.find_by_name(tx, scope=scope, kind=kind, key=key):
            if parent is None or term.parent_id == parent.id:
                return term
        free = slugs.unique(
            slug, kind, lambda taken: queries.is_slug_taken(tx, scope=scope, kind=kind, slug=taken)
        )
        term = Term(
            id=tx.new_id("trm"), name=name.strip(), slug=free, parent_id=parent.id if parent else None
        )
        if queries.insert_term(tx, term, scope=scope, kind=kind, key=key):
            return term
        # Another transaction was first with the name or the slug, and has ended: look again.


def ids(tx: Transaction, scope: Scope) -> set[str]:
    """The id of every term of the scope."""
    return queries.list_ids(tx, scope=scope)


def _key(name: str) -> str:
    return " ".join(folded(name).split())
