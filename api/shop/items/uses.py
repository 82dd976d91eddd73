"""The media that an item shows or sells, and the items of a medium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.media import uses as media
from api.media.uses import MOST_SHOWN, Use
from api.roles import ITEMS_WRITE, Viewer
from api.shop.items import listing
from api.shop.items.records import Item
from api.storage import Transaction


def note(tx: Transaction, item: Item) -> None:
    """Store which media a new or changed item shows or sells."""
    sold = (each.media for variant in item.variants for each in variant.downloads if each.media)
    media.note(tx, item.id, item.images, item.description_html, sold=sold)


def list_uses(tx: Transaction, media_ids: Sequence[str], viewer: Viewer) -> Iterator[tuple[str, Use]]:
    """The newest items that show or sell these media and that the viewer may see, with the medium of each."""
    sees_all = viewer.may(ITEMS_WRITE)
    rows = listing.list_showing(tx, media_ids=media_ids, sees_all=sees_all, most=MOST_SHOWN)
    return ((media_id, Use("item", item_id, name)) for media_id, item_id, name in rows)
