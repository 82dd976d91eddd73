"""The HTTP door to the feeds, the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.articles.feeds import documents as feeds
from api.settings.public_site import PublicSite
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import document

JSON_FEED = "application/feed+json"
ATOM = "application/atom+xml"
XML = "application/xml"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, eq=False)
class JsonFeed:
    """The newest articles as JSON Feed."""

    db: Database
    site: PublicSite

    @operation(ANYONE, media_types=(JSON_FEED,), kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Read the newest articles as a JSON Feed 1.1."""
        with self.db.read() as tx:
            newest = feeds.newest(tx)
        document(resp, feeds.json_feed(newest, self.site), JSON_FEED)


@dataclass(frozen=True, eq=False)
class AtomFeed:
    """The newest articles as Atom."""

    db: Database
    site: PublicSite

    @operation(ANYONE, media_types=(ATOM,), kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Read the newest articles as an Atom feed."""
        with self.db.read() as tx:
            newest = feeds.newest(tx)
            updated = feeds.updated_at(tx, newest)
        document(resp, feeds.atom_feed(newest, self.site, updated=updated), ATOM)


@dataclass(frozen=True, eq=False)
class Sitemap:
    """The addresses of articles, pages, and of what `others` know."""

    db: Database
    site: PublicSite
    others: Sequence[feeds.Places] = ()

    @operation(ANYONE, media_types=(XML,), kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the URLs of everything published, as a sitemap."""
        with self.db.read() as tx:
            sitemap = feeds.sitemap(tx, self.site, self.others)
        document(resp, sitemap, XML)


@dataclass(frozen=True, eq=False)
class Robots:
    """The rules for search engines."""

    site: PublicSite

    @operation(ANYONE, media_types=(PLAIN,))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Allow everything to search engines, and name the sitemap."""
        document(resp, feeds.robots(self.site), PLAIN)
