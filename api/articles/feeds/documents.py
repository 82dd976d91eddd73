"""JSON Feed 1.1, Atom (RFC 4287), the sitemap and robots.txt: articles for other programs than browsers."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain, islice
from typing import TypeAlias
from urllib.parse import quote, urljoin

import msgspec

from api.articles.writing import listing, queries
from api.articles.writing.records import Article, ArticleType
from api.settings.public_site import PublicSite
from api.settings.types import LANGUAGE
from api.storage import Transaction
from api.text import markup
from api.text.fields import WEB_URL
from api.times import Instant

NEWEST = 20
MOST_CHARACTERS = 1_048_576
"""The characters of all texts of a feed, unless the newest alone has more; older articles are left out."""
SUMMARY = 300
"""Characters of a text that stand for an excerpt."""
MOST_PLACES = 50_000
"""The limit of the protocol for one sitemap."""

Place: TypeAlias = tuple[str, Instant]
"""The address of a page, and when it last changed."""
Places: TypeAlias = Callable[[Transaction, int], Iterable[Place]]
"""At most so many places, the newest first."""

_OLDEST = Instant("2026-01-01T00:00:00.000Z")
"""When Kiosque had no feeds yet: the date of one in which nothing ever was."""
_IS_WEB_URL = re.compile(WEB_URL)
_IS_LANGUAGE = re.compile(LANGUAGE)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def newest(tx: Transaction) -> list[Article]:
    """The articles of a feed: the 20 newest, no pages."""
    return listing.list_newest(tx, type="article", limit=NEWEST)


def updated_at(tx: Transaction, articles: Sequence[Article]) -> Instant:
    """The instant of the last change of a feed of these articles; it never goes back."""
    loss = queries.find_last_loss(tx, type="article") or _OLDEST
    return max((loss, *map(_updated, articles)))


def json_feed(articles: Sequence[Article], site: PublicSite) -> bytes:
    """The feed as JSON Feed 1.1."""
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": site.name,
            **({"description": site.tagline} if site.tagline else {}),
            "language": site.languages[0],
            "home_page_url": f"{site.url}/",
            "feed_url": f"{site.url}/feed.json",
            "items": [_json_item(article, site) for article in _fitting(articles)],
        }
    )


def atom_feed(articles: Sequence[Article], site: PublicSite, *, updated: Instant) -> bytes:
    """The feed as Atom."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xml:lang="{_xml(site.languages[0])}">\n',
        f"<id>{_xml(site.url)}/</id>\n",
        f"<title>{_xml(site.name)}</title>\n",
        *([f"<subtitle>{_xml(site.tagline)}</subtitle>\n"] if site.tagline else []),
        f"<updated>{updated}</updated>\n",
        f'<link rel="self" type="application/atom+xml" href="{_xml(site.url)}/feed.atom"/>\n',
        f'<link rel="alternate" type="text/html" href="{_xml(site.url)}/"/>\n',
        f"<author><name>{_xml(site.name)}</name></author>\n",
        *(_atom_entry(article, site) for article in _fitting(articles)),
        "</feed>\n",
    ]
    return "".join(parts).encode()


def sitemap(tx: Transaction, site: PublicSite, others: Sequence[Places] = ()) -> bytes:
    """The newest 50,000 addresses: articles, then pages, then what `others` know of."""
    places = chain.from_iterable(
        source(tx, MOST_PLACES) for source in (_written(site, "article"), _written(site, "page"), *others)
    )
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n',
        f"<url><loc>{_xml(site.url)}/</loc></url>\n",
    ]
    for url, updated_at in islice(places, MOST_PLACES - 1):
        parts.append(f"<url><loc>{_xml(url)}</loc><lastmod>{updated_at}</lastmod></url>\n")
    parts.append("</urlset>\n")
    return "".join(parts).encode()


def robots(site: PublicSite) -> bytes:
    """Everything may be read, /v1 too: the pages of the site are made from it in the browser."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.url}/sitemap.xml\n".encode()


def _fitting(articles: Sequence[Article]) -> list[Article]:
    lengths = accumulate(len(article.body_html) for article in articles)
    texts = zip(articles, lengths, strict=True)
    return [article for article, length in texts if length <= MOST_CHARACTERS or article is articles[0]]


def _json_item(article: Article, site: PublicSite) -> dict[str, object]:
    item: dict[str, object] = {
        "id": _permanent(article, site),
        "url": site.article_url(article.slug),
        "title": article.title,
        "content_html": article.body_html,
        "summary": _summary(article),
        "date_published": article.publish_at,
        "date_modified": _updated(article),
        "authors": [{"name": author.name} for author in article.authors],
        "tags": list(dict.fromkeys(term.name for term in (*article.tags, *article.categories))),
    }
    if article.image and _IS_WEB_URL.match(article.image.url):  # older versions stored others too
        item["image"] = urljoin(f"{site.url}/", quote(article.image.url, safe=string.punctuation))
    if language := _language(article):
        item["language"] = language
    return item


def _atom_entry(article: Article, site: PublicSite) -> str:
    language = f' xml:lang="{tag}"' if (tag := _language(article)) else ""
    url = site.article_url(article.slug)
    terms = (*article.tags, *article.categories)
    return "".join(
        (
            f'<entry{language} xml:base="{_xml(site.url)}/">\n',
            f"<id>{_xml(_permanent(article, site))}</id>\n",
            f"<title>{_xml(article.title)}</title>\n",
            f'<link rel="alternate" type="text/html" href="{_xml(url)}"/>\n',
            f"<published>{article.publish_at}</published>\n",
            f"<updated>{_updated(article)}</updated>\n",
            *(f"<author><name>{_xml(author.name)}</name></author>\n" for author in article.authors),
            *(f'<category term="{_xml(term.slug)}" label="{_xml(term.name)}"/>\n' for term in terms),
            f"<summary>{_xml(_summary(article))}</summary>\n",
            f'<content type="html">{_xml(article.body_html)}</content>\n',
            "</entry>\n",
        )
    )


def _written(site: PublicSite, type: ArticleType) -> Places:
    def places(tx: Transaction, most: int) -> Iterable[Place]:
        for slug, updated_at, publish_at in listing.list_places(tx, type=type, limit=most):
            yield site.article_url(slug), max(updated_at, publish_at)

    return places


def _permanent(article: Article, site: PublicSite) -> str:
    """An address that stays when the slug changes."""
    return f"{site.url}/v1/articles/{article.id}"


def _updated(article: Article) -> Instant:
    return max(article.updated_at, article.publish_at or article.updated_at)


def _language(article: Article) -> str | None:
    """Its language, if the tag is well formed: older versions stored others too."""
    is_tag = article.language is not None and _IS_LANGUAGE.match(article.language)
    return article.language if is_tag else None


def _summary(article: Article) -> str:
    if article.excerpt:
        return article.excerpt
    text = markup.text_of(article.body_html)
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + "…"


def _xml(text: str) -> str:
    return html.escape(_NOT_XML.sub("", text))
