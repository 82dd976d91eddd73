"""Terms are made on first use: naming one finds it, whatever its case or accents, or creates it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import asdict, replace

from api.errors import Conflict, FieldError, NotFound
from api.storage import Transaction
from api.taxonomy import queries
from api.taxonomy.queries import TermLinks
from api.taxonomy.records import Kind, Scope, Term
from api.text import slugs
from api.text.folding import folded
from api.text.slugs import SlugTaken


def named(
    tx: Transaction, scope: Scope, kind: Kind, names: Iterable[str], *, present: Iterable[Term] = ()
) -> tuple[Term, ...]:
    """The terms of these names in their order, each once; those `present` before others of one name."""
    names = list(names)
    own: dict[str, list[Term]] = {}
    for term in present:
        own.setdefault(_key(term.name), []).append(term)
    others = [name for name in dict.fromkeys(names) if _key(name) not in own]
    # Made in one order whoever asks, so that two transactions never wait for each other.
    terms = {name: [_any(tx, scope, kind, name)] for name in sorted(others, key=_key)}
    chosen = []
    for name in names:
        same = terms.get(name) or own[_key(name)]
        chosen.append(same.pop(0) if len(same) > 1 else same[0])
    return tuple({term.id: term for term in chosen}.values())


def one(
    tx: Transaction,
    scope: Scope,
    kind: Kind,
    name: str,
    *,
    parent: Term | None = None,
    slug: str | None = None,
) -> Term:
    """The term of this name under `parent`, or at the top; a new one gets `slug`, or one from its name."""
    key = _key(name)
    slug = slugs.normal(slug or "") or slugs.slug_from(name)
    while True:
        for term in queries.find_by_name(tx, scope=scope, kind=kind, key=key):
            if term.parent_id == (parent.id if parent else None):
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


def _any(tx: Transaction, scope: Scope, kind: Kind, name: str) -> Term:
    """The term of this name wherever it is in the tree, at the top first."""
    known = queries.find_by_name(tx, scope=scope, kind=kind, key=_key(name))
    return known[0] if known else one(tx, scope, kind, name)


def ids(tx: Transaction, scope: Scope) -> set[str]:
    """The id of every term of the scope."""
    return queries.list_ids(tx, scope=scope)


def _key(name: str) -> str:
    return " ".join(folded(name).split())


class UnknownTerm(Conflict):
    """There is no other tag or category of that slug that could take this place."""

    code, title = "unknown-term", "Unknown tag or category"
    remedy = "Choose another one that GET /v1/tags or GET /v1/categories lists."


class InUse(Conflict):
    """Something uses this, as `uses` says, so that it can be neither deleted nor used for something else."""

    code, title = "in-use", "In use"
    remedy = "Change what uses it; a tag or category is deleted with `?into=` and the slug of another."


MOST_USES = 20
"""Uses that a refusal lists."""


def find(tx: Transaction, *, scope: Scope, kind: Kind, slug: str) -> Term:
    """The term of that slug, locked, or NotFound."""
    term = queries.find_term(tx, scope=scope, kind=kind, slug=slug, lock=True)
    if term is None:
        raise NotFound
    return term


def change(tx: Transaction, before: Term, changes: Mapping[str, Any], *, scope: Scope, kind: Kind) -> Term:
    """Rename or move a term. Raises SlugTaken, UnknownTerm."""
    name, slug = changes.get("name", before.name).strip(), slugs.normal(changes.get("slug", before.slug))
    after = replace(before, name=name, slug=slug)
    if "parent" in changes:
        after = replace(after, parent_id=_parent_id(tx, before, changes["parent"], scope))
    if after == before:
        return before
    key = _key(after.name)
    if after.slug != before.slug and queries.is_slug_taken(tx, scope=scope, kind=kind, slug=after.slug):
        raise SlugTaken.at("/slug", f"Another {kind} has the slug {after.slug}.")
    for other in queries.find_by_name(tx, scope=scope, kind=kind, key=key):
        if other.id != after.id and other.parent_id == after.parent_id:
            raise SlugTaken.at("/name", f"Another {kind} has this name: {other.slug}.")
    queries.update_term(
        tx, term_id=after.id, name=after.name, name_key=key, slug=after.slug, parent_id=after.parent_id
    )
    return after


def delete(tx: Transaction, term: Term, *, links: TermLinks, kind: Kind, into: str | None) -> list[str]:
    """Remove a term; what used it uses `into`. The ids of these things. Raises InUse, UnknownTerm."""
    users: list[str] = []
    if into is not None:
        other = queries.find_term(tx, scope=links.scope, kind=kind, slug=into, lock=True)
        if other is None or other.id == term.id:
            detail = f"There is no other {kind} of the slug {into}."
            error = FieldError(code=UnknownTerm.code, detail=detail, parameter="into")
            raise UnknownTerm(detail, errors=(error,))
        _make_room(tx, term, other)
        users = links.list_users(tx, term_id=term.id)
        links.move(tx, term_id=term.id, into_id=other.id)
        queries.move_below(tx, term_id=term.id, into_id=other.id)
    elif uses := [
        *links.list_uses(tx, term_id=term.id, most=MOST_USES),
        *queries.list_below(tx, term_id=term.id, most=MOST_USES),
    ]:
        raise InUse(uses=[asdict(use) for use in uses[:MOST_USES]])
    queries.delete_term(tx, term_id=term.id)
    return users


def _make_room(tx: Transaction, term: Term, other: Term) -> None:
    """Let the categories below `term` be put below `other`, which may be one of them."""
    name = queries.find_name_below_both(tx, term_id=term.id, into_id=other.id)
    if name is not None:
        raise InUse(f"Both have a category {name} below them: join these first.", uses=[])
    if _is_below(tx, other.parent_id, term.id):
        queries.update_term(tx, term_id=other.id, parent_id=term.parent_id)


def _parent_id(tx: Transaction, term: Term, slug: str | None, scope: Scope) -> str | None:
    if slug is None:
        return None
    parent = queries.find_term(tx, scope=scope, kind="category", slug=slug, lock=True)
    if parent is None or _is_below(tx, parent.id, term.id):
        raise UnknownTerm.at("/parent", "There is no such category, or it is below this one.")
    return parent.id


def _is_below(tx: Transaction, term_id: str | None, above_id: str) -> bool:
    """Whether a term is `above_id`, or somewhere below it."""
    while term_id is not None and term_id != above_id:
        term_id = queries.find_parent_id(tx, term_id=term_id)
    return term_id is not None
