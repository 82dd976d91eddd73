"""The URLs of items on the site, which every answer and the sitemap must build alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from api.shop.items import queries
from api.storage import Transaction
from api.times import Instant


def item_url(site: str, slug: str) -> str:
    """The URL of an item's page on the site at `site`."""
    return f"{site}/item/?slug={quote(slug, safe='')}"


def published(site: str) -> Callable[[Transaction, int], Iterable[tuple[str, Instant]]]:
    """A function that lists at most so many published items: the URL of each, and its last change."""

    def places(tx: Transaction, most: int) -> Iterable[tuple[str, Instant]]:
        for slug, updated_at in queries.list_published(tx, most=most):
            yield item_url(site, slug), updated_at

    return places
