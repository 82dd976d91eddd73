"""The HTTP door to tags, categories and authors: the lists that count articles."""

from __future__ import annotations

from api.articles.authors import queries
from api.articles.authors.schemas import CategoryView, CountedView, NamesQuery
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.paging import Page, page


class Tags:
    """/v1/tags"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=NamesQuery, returns=Page[CountedView], kept=True)
    def on_get(self, req: Request, resp: Response, query: NamesQuery) -> None:
        """List the tags of articles, by slug."""
        with self._db.read() as tx:
            found = queries.list_terms(tx, kind="tag", after=query.after or "", limit=query.limit + 1)
        page(req, resp, found, limit=query.limit, view=CountedView.of, cursor=lambda row: row.slug)


class Categories:
    """/v1/categories"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=NamesQuery, returns=Page[CategoryView], kept=True)
    def on_get(self, req: Request, resp: Response, query: NamesQuery) -> None:
        """List the categories of articles, by slug."""
        with self._db.read() as tx:
            found = queries.list_terms(tx, kind="category", after=query.after or "", limit=query.limit + 1)
        page(req, resp, found, limit=query.limit, view=CategoryView.of, cursor=lambda row: row.slug)


class Authors:
    """/v1/authors"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=NamesQuery, returns=Page[CountedView], kept=True)
    def on_get(self, req: Request, resp: Response, query: NamesQuery) -> None:
        """List the authors of published articles, by slug."""
        with self._db.read() as tx:
            found = queries.list_authors(tx, after=query.after or "", limit=query.limit + 1)
        page(req, resp, found, limit=query.limit, view=CountedView.of, cursor=lambda row: row.slug)
