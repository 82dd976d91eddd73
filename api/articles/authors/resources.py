"""The HTTP door to authors."""

from __future__ import annotations

from dataclasses import dataclass

from api.articles.authors import queries
from api.articles.authors.schemas import AuthorView
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.paging import Page, SlugPageQuery, page


@dataclass(frozen=True, eq=False)
class Authors:
    """Authors of published articles."""

    db: Database

    @operation(ANYONE, query=SlugPageQuery, returns=Page[AuthorView], kept=True)
    def on_get(self, req: Request, resp: Response, query: SlugPageQuery) -> None:
        """List the authors of published articles, by slug."""
        with self.db.read() as tx:
            rows = queries.list_authors(tx, query.page())
        page(req, resp, query, rows, view=AuthorView.of)
