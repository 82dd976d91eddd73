"""The HTTP door to tags and categories: those of articles and those of items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.errors import NotFound
from api.roles import ARTICLES_EDIT, ITEMS_WRITE, Viewer
from api.roles import may as viewer_may
from api.storage import Database, Transaction
from api.taxonomy import rules as terms
from api.taxonomy.queries import TermLinks
from api.taxonomy.records import Kind, Scope, Term
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
REMOVAL_ERRORS = (NotFound, terms.InUse, terms.UnknownTerm)


@dataclass(frozen=True, eq=False)
class Shelf:
    """The things that are filed under the terms of one scope.

    Who has `permission` may change the terms; `index` puts things into the search again, by their ids, and
    `note` writes down that they have changed.
    """

    links: TermLinks
    permission: str
    index: Callable[[Transaction, Sequence[str]], None]
    note: Callable[[Transaction, Sequence[str], Viewer], None]


Shelves = Mapping[Scope, Shelf]


@dataclass(frozen=True, eq=False)
class _Terms:
    """Tags or categories, of articles and of items."""

    db: Database
    shelves: Shelves
    kind: ClassVar[Kind]
    view: ClassVar[type[TagView] | type[CategoryView]]

    def _list(self, req: Request, resp: Response, query: TermsQuery) -> None:
        shelf = self.shelves[query.of]
        sees_all = viewer_may(req.context.viewer, shelf.permission)
        with self.db.read() as tx:
            rows = shelf.links.list_counted(tx, query.page(), kind=self.kind, sees_all=sees_all)
        page(req, resp, query, rows, view=self.view.of)

    def _change(self, req: Request, resp: Response, slug: str, query: TermQuery, body: Patch) -> None:
        shelf = self._shelf(req, query)
        with self.db.write() as tx:
            before = self._find(tx, req, resp, shelf, slug)
            after = terms.change(tx, before, body.changes(), scope=query.of, kind=self.kind)
            if (after.name, after.slug) != (before.name, before.slug):
                users = shelf.links.list_users(tx, term_id=before.id)
                _note_change(tx, shelf, users, req.context.viewer)
            answer(resp, self._shown(tx, shelf, before))

    def _delete(self, req: Request, resp: Response, slug: str, query: RemovalQuery) -> None:
        shelf = self._shelf(req, query)
        with self.db.write() as tx:
            before = self._find(tx, req, resp, shelf, slug)
            ids = terms.delete(tx, before, links=shelf.links, kind=self.kind, into=query.into)
            _note_change(tx, shelf, ids, req.context.viewer)
        no_content(resp)

    def _shelf(self, req: Request, query: TermQuery) -> Shelf:
        """The shelf, if the viewer may change its terms."""
        shelf = self.shelves[query.of]
        check_access(req.context.viewer, may(shelf.permission))
        return shelf

    def _find(self, tx: Transaction, req: Request, resp: Response, shelf: Shelf, slug: str) -> Term:
        term = terms.find(tx, scope=shelf.links.scope, kind=self.kind, slug=slug)
        conditional.check(req, resp, self._shown(tx, shelf, term))
        return term

    def _shown(self, tx: Transaction, shelf: Shelf, term: Term) -> TagView | CategoryView:
        return self.view.of(shelf.links.find_counted(tx, kind=self.kind, term_id=term.id))


class Tags(_Terms):
    """The tags of articles and of items."""

    kind, view = "tag", TagView

    @operation(ANYONE, query=TermsQuery, returns=Page[TagView], kept=True)
    def on_get(self, req: Request, resp: Response, query: TermsQuery) -> None:
        """List tags by slug: those of something published, for editors all."""
        self._list(req, resp, query)


class Categories(_Terms):
    """The categories of articles and of items."""

    kind, view = "category", CategoryView

    @operation(ANYONE, query=TermsQuery, returns=Page[CategoryView], kept=True)
    def on_get(self, req: Request, resp: Response, query: TermsQuery) -> None:
        """List categories by slug: those with something published in or below them, for editors all."""
        self._list(req, resp, query)


class Tag(_Terms):
    """One tag."""

    kind, view = "tag", TagView

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
        self._change(req, resp, tag, query, body)

    @operation(EDITORS, query=RemovalQuery, status=204, errors=REMOVAL_ERRORS, conditional=True)
    def on_delete(self, req: Request, resp: Response, tag: str, query: RemovalQuery) -> None:
        """Delete a tag; what has it gets the tag `into` instead."""
        self._delete(req, resp, tag, query)


class Category(_Terms):
    """One category."""

    kind, view = "category", CategoryView

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
        self._change(req, resp, category, query, body)

    @operation(EDITORS, query=RemovalQuery, status=204, errors=REMOVAL_ERRORS, conditional=True)
    def on_delete(self, req: Request, resp: Response, category: str, query: RemovalQuery) -> None:
        """Delete a category; what is in it or below it goes to the category `into`."""
        self._delete(req, resp, category, query)


def _note_change(tx: Transaction, shelf: Shelf, ids: Sequence[str], actor: Viewer) -> None:
    """Things show another tag or category now, so they have changed themselves."""
    shelf.links.update_versions(tx, ids=ids)
    shelf.index(tx, ids)
    shelf.note(tx, ids, actor)
