"""The tags and categories of a run, each looked up once, and counted when it is new."""

from __future__ import annotations

from collections import Counter

from api.imports.records import Category
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Kind, Term


class Files:
    """Terms of articles by what the source calls them."""

    def __init__(self, tx: Transaction, done: Counter[tuple[str, str]]) -> None:
        self._tx = tx
        self._done = done
        self._known = terms.ids(tx, "articles")
        self._tags: dict[tuple[str, str | None], Term] = {}
        self._categories: dict[str, Term] = {}

    def tag(self, name: str, slug: str | None) -> Term:
        """The tag of that name."""
        if (name, slug) not in self._tags:
            self._tags[name, slug] = self._counted("tag", "tags", name, slug, None)
        return self._tags[name, slug]

    def category(self, category: Category) -> Term:
        """The category, and all above it."""
        if category.external_id not in self._categories:
            parent = self.category(category.parent) if category.parent else None
            self._categories[category.external_id] = self._counted(
                "category", "categories", category.name, category.slug, parent
            )
        return self._categories[category.external_id]

    def _counted(self, kind: Kind, plural: str, name: str, slug: str | None, parent: Term | None) -> Term:
        term = terms.one(self._tx, "articles", kind, name, parent=parent, slug=slug)
        self._done[plural, "unchanged" if term.id in self._known else "created"] += 1
        self._known.add(term.id)
        return term
