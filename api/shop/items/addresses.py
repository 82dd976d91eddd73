"""Where items are: the slugs that lead to them, and their pages on the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from api.errors import FieldError
from api.shop.items import address_queries as queries
from api.storage import Transaction
from api.text import slugs
from api.text.slugs import SlugTaken
from api.times import Instant


def item_url(site: str, slug: str) -> str:
    """The address of an item's page on the site at `site`."""
    return f"{site}/item/?slug={quote(slug, safe='')}"


def published(site: str) -> Callable[[Transaction, int], Iterable[tuple[str, Instant]]]:
    """Finds at most so many published items: where each is, and when it last changed."""

    def places(tx: Transaction, most: int) -> Iterable[tuple[str, Instant]]:
        for slug, updated_at in queries.list_published(tx, most=most):
            yield item_url(site, slug), updated_at

    return places


def claim(tx: Transaction, *, item_id: str, slug: str) -> None:
    """Make a slug that somebody asked for lead to the item; SlugTaken when it is another's.

    What was another's and is no longer may be taken over: it leads here then.
    """
    if queries.insert_slug(tx, slug=slug, item_id=item_id):
        return
    owner, is_old = queries.find_slug_owner(tx, slug=slug) or ("", False)
    if owner == item_id:
        return
    if not is_old or not queries.take_slug(tx, slug=slug, owner=owner, item_id=item_id):
        error = FieldError(code=SlugTaken.code, detail=f"Another item has the slug {slug}.", pointer="/slug")
        raise SlugTaken(error.detail, errors=(error,))


def claim_free(tx: Transaction, *, item_id: str, text: str) -> str:
    """Make a slug from `text` that leads, or led, nowhere else lead to the item."""
    wanted = slugs.slug_from(text) or "item"
    free = wanted
    while not queries.insert_slug(tx, slug=free, item_id=item_id):
        free = slugs.unique(wanted, "", lambda slug: queries.find_slug_owner(tx, slug=slug) is not None)
    return free


def keep_old(tx: Transaction, *, item_id: str, slug: str) -> None:
    """Let a slug from elsewhere lead to the item too, if it is free."""
    old = slugs.normal(slug)
    if old:
        queries.insert_slug(tx, slug=old, item_id=item_id)
