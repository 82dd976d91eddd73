"""Tornado with sqlite3: two processes, the SQL written by hand and run in the loop of each.

Usage: python -m bench.peers.tornado_app PORT PROCESSES
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.process
import tornado.web

from bench.peers import place

COLUMNS = (
    "id, type, slug, title, excerpt, language, image_id, image_url, image_alt, format, featured,"
    " comment_policy, comment_count, publish_at, created_at, updated_at"
)
NEWEST = (
    f"SELECT {COLUMNS} FROM articles WHERE type = 'article' AND publish_at IS NOT NULL AND listed_at <= ?"
    f" ORDER BY listed_at DESC, id DESC LIMIT {place.PAGE}"
)
NAMED = f"SELECT {COLUMNS}, body, body_html FROM articles WHERE slug = ? AND publish_at <= ?"
AUTHORS = (
    "SELECT article_id, name, slug FROM article_authors JOIN authors ON id = author_id"
    " WHERE article_id IN ({}) ORDER BY position"
)
TERMS = (
    "SELECT article_id, kind, name, slug FROM article_terms JOIN terms ON id = term_id"
    " WHERE article_id IN ({}) ORDER BY position"
)


class _Handler(tornado.web.RequestHandler):
    def initialize(self, database: sqlite3.Connection) -> None:
        self.database = database


class Articles(_Handler):
    """/v1/articles"""

    def get(self) -> None:
        rows = self.database.execute(NEWEST, (_now(),)).fetchall()
        self.write({"data": _complete(self.database, rows)})


class Article(_Handler):
    """/v1/articles/SLUG"""

    def get(self, slug: str) -> None:
        row = self.database.execute(NAMED, (slug, _now())).fetchone()
        if row is None:
            raise tornado.web.HTTPError(404)
        self.write(_complete(self.database, [row])[0])


def _complete(database: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[dict[str, Any]]:
    ids = [row["id"] for row in rows]
    marks = ",".join("?" * len(ids))
    articles = {row["id"]: _article(row) for row in rows}
    for article_id, name, slug in database.execute(AUTHORS.format(marks), ids):
        articles[article_id]["authors"].append({"name": name, "slug": slug})
    for article_id, kind, name, slug in database.execute(TERMS.format(marks), ids):
        articles[article_id]["tags" if kind == "tag" else "categories"].append({"name": name, "slug": slug})
    return list(articles.values())


def _article(row: sqlite3.Row) -> dict[str, Any]:
    article = dict(row)
    image_id, url, alt = (article.pop(name) for name in ("image_id", "image_url", "image_alt"))
    return article | {
        "status": "published",
        "image": {"id": image_id, "url": url, "alt": alt} if image_id else None,
        "authors": [],
        "tags": [],
        "categories": [],
        "featured": bool(row["featured"]),
        "published_at": row["publish_at"],
        "url": place.article_url(row["slug"]),
    }


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


async def serve(sockets: list[Any]) -> None:
    database = sqlite3.connect(place.DATABASE)
    database.row_factory = sqlite3.Row
    given = {"database": database}
    app = tornado.web.Application(
        [(r"/v1/articles", Articles, given), (r"/v1/articles/([^/]+)", Article, given)]
    )
    tornado.httpserver.HTTPServer(app).add_sockets(sockets)
    await asyncio.Event().wait()


if __name__ == "__main__":
    bound = tornado.netutil.bind_sockets(int(sys.argv[1]), "127.0.0.1")
    tornado.process.fork_processes(int(sys.argv[2]))
    asyncio.run(serve(bound))
