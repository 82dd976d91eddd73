"""Addresses of articles and pages on the site."""

from __future__ import annotations

from urllib.parse import quote


def article_url(site: str, slug: str) -> str:
    """The address of an article's or a page's own page on the site at `site`."""
    return f"{site}/article/?slug={quote(slug, safe='')}"
