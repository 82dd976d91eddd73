"""The site as its visitors know it: its name, and where its pages are."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

SLUG = "{slug}"
"""Stands for the slug in the address of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSite:
    """`url` is its address, and `media` that of its pictures, without a final slash; the pages are addresses
    that contain `{slug}`.
    """

    url: str
    name: str
    tagline: str
    article_page: str
    item_page: str
    media: str
    languages: tuple[str, ...]
    country: str

    def article_url(self, slug: str) -> str:
        """The address of an article's or a page's own page."""
        return self.article_page.replace(SLUG, quote(slug, safe=""))

    def term_url(self, scope: str, kind: str, slug: str) -> str:
        """The address of the list of what has a tag or is in a category."""
        page = "articles" if scope == "articles" else "shop"
        return f"{self.url}/{page}/?{kind}={quote(slug, safe='')}"

    def item_url(self, slug: str) -> str:
        """The address of an item's page."""
        return self.item_page.replace(SLUG, quote(slug, safe=""))

    def media_url(self, file: str) -> str:
        """The address of a public file of a picture."""
        return f"{self.media}/{file}"
