"""The head of a page, for search engines and previews, which run no scripts, and for the scripts of the site.

A page of the site takes part by a mark in its head, `<meta name="kiosque" content="article">` or `"item"`,
`"front"` or `"site"`. It is sent with the name of the site in its title and in og:site_name, its tagline in
kiosque-tagline and its languages in kiosque-languages; the front page with the tagline as its description.
One about articles or items, asked for as `?slug=…`, has the title, description, address and picture of that
one; of what is not there, not public or not listed, it asks search engines to keep nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin

from api.articles.writing import visibility
from api.errors import NotFound, Unavailable
from api.settings.public_site import PublicSite
from api.shop.items import rules as items
from api.storage import Database, Transaction
from api.text.images import Image
from api.text.markup import text_of

LONGEST = 200
"""Characters of a text that stand for a description."""

_MARK = re.compile(r'<meta name="kiosque" content="(article|item|front|site)">')
_TITLE = re.compile(r"<title>(?P<page>[^<]*?)(?P<site> · [^<·]*)?</title>")
_NOTHING = '<meta name="robots" content="noindex">'


@dataclass(frozen=True, eq=False)
class Heads:
    """Completes marked pages."""

    db: Database
    site: PublicSite

    def completed(self, page: bytes, query: str) -> bytes | None:
        """The page with the name of the site and what it is about; None when it has no mark."""
        if b'<meta name="kiosque"' not in page:
            return None
        text = page.decode("utf-8", "surrogateescape")
        mark = _MARK.search(text)
        if mark is None:
            return None
        title, tags = self._subject(mark[1], query)
        text = text[: mark.start()] + "\n  ".join([*self._names(), *tags]) + text[mark.end() :]
        text = _TITLE.sub(lambda old: self._title(old, title, is_front=mark[1] == "front"), text, count=1)
        return text.encode("utf-8", "surrogateescape")

    def _subject(self, kind: str, query: str) -> tuple[str | None, list[str]]:
        """The title and the tags of what the page is about, if it is about one thing."""
        if kind == "front":
            about = self.site.tagline
            return self.site.name, self._tags(
                f"{self.site.url}/", self.site.name, about, None, type="website"
            )
        slug = parse_qs(query).get("slug", [""])[0]
        if kind == "site" or not slug or "\0" in slug:
            return None, []
        try:
            with self.db.read() as tx:
                return (self._article if kind == "article" else self._item)(tx, slug)
        except NotFound:
            return None, [_NOTHING]
        except Unavailable:
            return None, []

    def _names(self) -> list[str]:
        name, tagline = html.escape(self.site.name), html.escape(self.site.tagline)
        return [
            f'<meta property="og:site_name" content="{name}">',
            *([f'<meta name="kiosque-tagline" content="{tagline}">'] if tagline else []),
            f'<meta name="kiosque-languages" content="{" ".join(self.site.languages)}">',
        ]

    def _title(self, old: re.Match[str], title: str | None, *, is_front: bool) -> str:
        """The title of the page, followed by the site's name if the file names a site there."""
        page = old["page"] if title is None else html.escape(title)
        after = self.site.tagline if is_front else self.site.name if old["site"] else ""
        return f"<title>{page} · {html.escape(after)}</title>" if after else f"<title>{page}</title>"

    def _article(self, tx: Transaction, slug: str) -> tuple[str, list[str]]:
        article = visibility.find(tx, ref=slug, viewer=None)
        tags = self._tags(
            self.site.article_url(article.slug),
            article.title,
            article.excerpt or text_of(article.body_html),
            article.image,
            type="article",
        )
        published = f'<meta property="article:published_time" content="{article.publish_at}">'
        return article.title, [*tags, published]

    def _item(self, tx: Transaction, slug: str) -> tuple[str, list[str]]:
        item = items.find(tx, ref=slug, viewer=None)
        about = item.summary or text_of(item.description_html or "")
        image = item.images[0] if item.images else None
        tags = self._tags(self.site.item_url(item.slug), item.name, about, image, type="product")
        return item.name, [*tags, _NOTHING] if item.status == "unlisted" else tags

    def _tags(self, url: str, title: str, about: str, image: Image | None, *, type: str) -> list[str]:
        description = _shortened(about)
        properties = {"og:type": type, "og:title": title, "og:url": url, "og:description": description}
        if image is not None:
            properties |= {"og:image": self._absolute(image.url), "og:image:alt": image.alt}
        return [
            *([f'<meta name="description" content="{html.escape(description)}">'] if description else []),
            f'<link rel="canonical" href="{html.escape(url)}">',
            *(
                f'<meta property="{name}" content="{html.escape(value)}">'
                for name, value in properties.items()
                if value
            ),
        ]

    def _absolute(self, url: str) -> str:
        try:
            return urljoin(f"{self.site.url}/", url)
        except ValueError:  # an import brought it
            return ""


def _shortened(text: str) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    start = line[:LONGEST]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:.") + "…"
