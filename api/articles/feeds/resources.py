"""The HTTP door to the feeds, the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Sequence

from api.articles.feeds import documents as feeds
from api.settings import Settings
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import document

JSON_FEED = "application/feed+json"
ATOM = "application/atom+xml"
XML = "application/xml"
PLAIN = "text/plain; charset=utf-8"


class JsonFeed:
    """/feed.json"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._site = settings.url

    @operation(ANYONE, media_types=(JSON_FEED,), kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Follow the newest articles by JSON Feed 1.1."""
        with self._db.read() as tx:
            newest = feeds.newest(tx)
        document(resp, feeds.json_feed(newest, self._site), JSON_FEED)


class AtomFeed:
    """/feed.atom"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._site = settings.url

    @operation(ANYONE, media_types=(ATOM,), kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Follow the newest articles by Atom."""
        with self._db.read() as tx:
            newest = feeds.newest(tx)
        document(resp, feeds.atom_feed(newest, self._site), ATOM)


class Sitemap:
    """/sitemap.xml"""

    def __init__(self, db: Database, settings: Settings, others: Sequence[feeds.Places] = ()) -> None:
        self._db = db
        self._site = settings.url
        self._others = others

    @operation(ANYONE, media_types=(XML,), kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the addresses of all that is published."""
        with self._db.read() as tx:
            sitemap = feeds.sitemap(tx, self._site, self._others)
        document(resp, sitemap, XML)


class Robots:
    """/robots.txt"""

    def __init__(self, settings: Settings) -> None:
        self._robots = feeds.robots(settings.url)

    @operation(ANYONE, media_types=(PLAIN,))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Tell search engines that they are welcome, and where the sitemap is."""
        document(resp, self._robots, PLAIN)
