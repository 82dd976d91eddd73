"""The URLs of items on the site, which every answer and the sitemap must build alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from api.settings.public_site import PublicSite
from api.shop.items import listing
from api.storage import Transaction
from api.times import Instant


def published(site: PublicSite) -> Callable[[Transaction, int], Iterable[tuple[str, Instant]]]:
    """A function that lists at most so many published items: the URL of each, and its last change."""

    def places(tx: Transaction, most: int) -> Iterable[tuple[str, Instant]]:
        for slug, updated_at in listing.list_published(tx, most=most):
            yield site.item_url(slug), updated_at

    return places
