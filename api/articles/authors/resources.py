"""The HTTP door to tags, categories and authors: the lists that count articles."""

from __future__ import annotations

from api.articles.authors import queries
from api.articles.authors.schemas import CategoryView, CountedView
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.paging import Page, SlugPageQuery, page


class Tags:
    """/v1/tags"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=SlugPageQuery, returns=Page[CountedView], kept=True)
    def on_get(self, req: Request, resp: Response, query: SlugPageQuery) -> None:
        """List the tags of articles, by slug."""
        with self._db.read() as tx:
            rows = queries.list_terms(tx, query.page(), kind="tag")
        page(req, resp, query, rows, view=CountedView.of)


class Categories:
    """/v1/categories"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=SlugPageQuery, returns=Page[CategoryView], kept=True)
    def on_get(self, req: Request, resp: Response, query: SlugPageQuery) -> None:
        """List the categories of articles, by slug."""
        with self._db.read() as tx:
            rows = queries.list_terms(tx, query.page(), kind="category")
        page(req, resp, query, rows, view=CategoryView.of)


class Authors:
    """/v1/authors"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=SlugPageQuery, returns=Page[CountedView], kept=True)
    def on_get(self, req: Request, resp: Response, query: SlugPageQuery) -> None:
        """List the authors of published articles, by slug."""
        with self._db.read() as tx:
            rows = queries.list_authors(tx, query.page())
        page(req, resp, query, rows, view=CountedView.of)
