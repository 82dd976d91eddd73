"""The HTTP door to tags and categories: those of articles and those of items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.errors import NotFound
from api.roles import ARTICLES_EDIT, ITEMS_WRITE
from api.roles import may as viewer_may
from api.storage import Database, Transaction
from api.taxonomy import rules as terms
from api.taxonomy.queries import TermLinks
from api.taxonomy.records import Kind, Scope
from api.taxonomy.schemas import (
    CategoryPatch,
    CategoryView,
    RemovalQuery,
    TagPatch,
    TagView,
    TermQuery,
    TermsQuery,
)
from api.text.slugs import SlugTaken
from api.web import conditional
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.operation import ANYONE, may, operation
from api.web.paging import Page, page
from api.web.patches import Patch
from api.web.responses import answer, no_content

EDITORS = may(ARTICLES_EDIT, ITEMS_WRITE)


@dataclass(frozen=True, eq=False)
class Shelf:
    """The things that are filed under the terms of one scope.

    Who has `permission` may change the terms; `index` puts things into the search again, by their ids.
    """

    links: TermLinks
    permission: str
    index: Callable[[Transaction, Sequence[str]], None]


Shelves = Mapping[Scope, Shelf]
View = type[TagView] | type[CategoryView]


@dataclass(frozen=True, eq=False)
class Tags:
    """The tags of articles and of items."""

    db: Database
    shelves: Shelves

    @operation(ANYONE, query=TermsQuery, returns=Page[TagView], kept=True)
    def on_get(self, req: Request, resp: Response, query: TermsQuery) -> None:
        """List tags by slug: those of something published, for editors all."""
        _list(req, resp, self.db, self.shelves[query.of], "tag", query, TagView)


@dataclass(frozen=True, eq=False)
class Categories:
    """The categories of articles and of items."""

    db: Database
    shelves: Shelves

    @operation(ANYONE, query=TermsQuery, returns=Page[CategoryView], kept=True)
    def on_get(self, req: Request, resp: Response, query: TermsQuery) -> None:
        """List categories by slug: those with something published in or below them, for editors all."""
        _list(req, resp, self.db, self.shelves[query.of], "category", query, CategoryView)


@dataclass(frozen=True, eq=False)
class Tag:
    """One tag."""

    db: Database
    shelves: Shelves

    @operation(
        EDITORS,
        query=TermQuery,
        body=TagPatch,
        returns=TagView,
        errors=(NotFound, SlugTaken),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, tag: str, query: TermQuery, body: Patch) -> None:
        """Change the name or slug of a tag, for everything that has it."""
        _change(req, resp, self.db, self.shelves[query.of], "tag", tag, body.changes(), TagView)

    @operation(
        EDITORS,
        query=RemovalQuery,
        status=204,
        errors=(NotFound, terms.InUse, terms.UnknownTerm),
        conditional=True,
    )
    def on_delete(self, req: Request, resp: Response, tag: str, query: RemovalQuery) -> None:
        """Delete a tag; what has it gets the tag `into` instead."""
        _delete(req, resp, self.db, self.shelves[query.of], "tag", tag, query.into, TagView)


@dataclass(frozen=True, eq=False)
class Category:
    """One category."""

    db: Database
    shelves: Shelves

    @operation(
        EDITORS,
        query=TermQuery,
        body=CategoryPatch,
        returns=CategoryView,
        errors=(NotFound, SlugTaken, terms.UnknownTerm),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, category: str, query: TermQuery, body: Patch) -> None:
        """Change the name, slug or parent of a category, for everything in it."""
        shelf = self.shelves[query.of]
        _change(req, resp, self.db, shelf, "category", category, body.changes(), CategoryView)

    @operation(
        EDITORS,
        query=RemovalQuery,
        status=204,
        errors=(NotFound, terms.InUse, terms.UnknownTerm),
        conditional=True,
    )
    def on_delete(self, req: Request, resp: Response, category: str, query: RemovalQuery) -> None:
        """Delete a category; what is in it or below it goes to the category `into`."""
        _delete(req, resp, self.db, self.shelves[query.of], "category", category, query.into, CategoryView)


def _list(
    req: Request, resp: Response, db: Database, shelf: Shelf, kind: Kind, query: TermsQuery, view: View
) -> None:
    sees_all = viewer_may(req.context.viewer, shelf.permission)
    with db.read() as tx:
        rows = shelf.links.list_counted(tx, query.page(), kind=kind, sees_all=sees_all)
    page(req, resp, query, rows, view=view.of)


def _change(
    req: Request,
    resp: Response,
    db: Database,
    shelf: Shelf,
    kind: Kind,
    slug: str,
    changes: Mapping[str, Any],
    view: View,
) -> None:
    check_access(req.context.viewer, may(shelf.permission))
    links = shelf.links
    with db.write() as tx:
        before = terms.find(tx, scope=links.scope, kind=kind, slug=slug)
        conditional.check(req, resp, view.of(links.find_counted(tx, kind=kind, term_id=before.id)))
        after = terms.change(tx, before, changes, scope=links.scope, kind=kind)
        if (after.name, after.slug) != (before.name, before.slug):
            _note_change(tx, shelf, links.list_users(tx, term_id=before.id))
        answer(resp, view.of(links.find_counted(tx, kind=kind, term_id=before.id)))


def _delete(
    req: Request,
    resp: Response,
    db: Database,
    shelf: Shelf,
    kind: Kind,
    slug: str,
    into: str | None,
    view: View,
) -> None:
    check_access(req.context.viewer, may(shelf.permission))
    links = shelf.links
    with db.write() as tx:
        before = terms.find(tx, scope=links.scope, kind=kind, slug=slug)
        conditional.check(req, resp, view.of(links.find_counted(tx, kind=kind, term_id=before.id)))
        _note_change(tx, shelf, terms.delete(tx, before, links=links, kind=kind, into=into))
    no_content(resp)


def _note_change(tx: Transaction, shelf: Shelf, ids: Sequence[str]) -> None:
    """Things show another tag or category now, so they have changed themselves."""
    shelf.links.update_versions(tx, ids=ids)
    shelf.index(tx, ids)
