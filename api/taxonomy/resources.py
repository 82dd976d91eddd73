"""The HTTP door to tags and categories."""

from __future__ import annotations

from dataclasses import dataclass

from api.storage import Database
from api.taxonomy.queries import TermLinks
from api.taxonomy.schemas import CategoryView, TagView
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.paging import Page, SlugPageQuery, page


@dataclass(frozen=True, eq=False)
class Tags:
    """The tags of the things that `links` file."""

    db: Database
    links: TermLinks

    @operation(ANYONE, query=SlugPageQuery, returns=Page[TagView], kept=True)
    def on_get(self, req: Request, resp: Response, query: SlugPageQuery) -> None:
        """List the tags of articles, by slug."""
        with self.db.read() as tx:
            rows = self.links.list_counted(tx, query.page(), kind="tag")
        page(req, resp, query, rows, view=TagView.of)


@dataclass(frozen=True, eq=False)
class Categories:
    """The categories of the things that `links` file."""

    db: Database
    links: TermLinks

    @operation(ANYONE, query=SlugPageQuery, returns=Page[CategoryView], kept=True)
    def on_get(self, req: Request, resp: Response, query: SlugPageQuery) -> None:
        """List the categories of articles, by slug."""
        with self.db.read() as tx:
            rows = self.links.list_counted(tx, query.page(), kind="category")
        page(req, resp, query, rows, view=CategoryView.of)
