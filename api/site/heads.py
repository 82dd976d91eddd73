"""The head of a page about one article or item, for search engines and previews, which run no scripts.

A page of the site takes part by a mark in its head, `<meta name="kiosque" content="article">` or
`content="item"`. Asked for as `?slug=…`, it is sent with the title, description, address and picture of that
article or item; of what is not there, or not public, it asks search engines to keep nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin

from api.articles.writing import visibility
from api.articles.writing.addresses import article_url
from api.errors import NotFound, Unavailable
from api.shop.items import rules as items
from api.shop.items.addresses import item_url
from api.storage import Database, Transaction
from api.text.images import Image
from api.text.markup import text_of

LONGEST = 200
"""Characters of a text that stand for a description."""

_MARK = re.compile(r'<meta name="kiosque" content="(article|item)">')
_TITLE = re.compile(r"<title>[^<]*?(?P<site> · [^<·]*)?</title>")
_NOTHING = '<meta name="robots" content="noindex">'


@dataclass(frozen=True, eq=False)
class Heads:
    """Completes marked pages; `site` is their public address."""

    db: Database
    site: str

    def completed(self, page: bytes, query: str) -> bytes | None:
        """The page about what the query asks for; None when it is sent as it is."""
        slug = parse_qs(query).get("slug", [""])[0]
        if not slug or "\0" in slug or b'<meta name="kiosque"' not in page:
            return None
        text = page.decode("utf-8", "surrogateescape")
        mark = _MARK.search(text)
        if mark is None:
            return None
        title, tags = None, _NOTHING
        try:
            with self.db.read() as tx:
                title, tags = (self._article if mark[1] == "article" else self._item)(tx, slug)
        except NotFound:
            pass
        except Unavailable:
            return None
        text = text[: mark.start()] + tags + text[mark.end() :]
        if title is not None:
            text = _TITLE.sub(
                lambda old: f"<title>{html.escape(title)}{old['site'] or ''}</title>", text, count=1
            )
        return text.encode("utf-8", "surrogateescape")

    def _article(self, tx: Transaction, slug: str) -> tuple[str, str]:
        article = visibility.find(tx, ref=slug, viewer=None)
        tags = self._tags(
            article_url(self.site, article.slug),
            article.title,
            article.excerpt or text_of(article.body_html),
            article.image,
            type="article",
        )
        published = f'<meta property="article:published_time" content="{article.publish_at}">'
        return article.title, "\n  ".join([*tags, published])

    def _item(self, tx: Transaction, slug: str) -> tuple[str, str]:
        item = items.find(tx, ref=slug, viewer=None)
        about = item.summary or text_of(item.description_html or "")
        image = item.images[0] if item.images else None
        tags = self._tags(item_url(self.site, item.slug), item.name, about, image, type="product")
        return item.name, "\n  ".join(tags)

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
            return urljoin(f"{self.site}/", url)
        except ValueError:  # an import brought it
            return ""


def _shortened(text: str) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    start = line[:LONGEST]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:.") + "…"
