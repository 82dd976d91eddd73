"""The items that show a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.media.uses import MOST_SHOWN, Use
from api.roles import ITEMS_WRITE, Viewer
from api.shop.items import listing
from api.storage import Transaction


def list_uses(tx: Transaction, media_ids: Sequence[str], viewer: Viewer) -> Iterator[tuple[str, Use]]:
    """The newest items that show these media and that the viewer may see, with the medium of each."""
    sees_all = viewer.may(ITEMS_WRITE)
    rows = listing.list_showing(tx, media_ids=media_ids, sees_all=sees_all, most=MOST_SHOWN)
    return ((media_id, Use("item", item_id, name)) for media_id, item_id, name in rows)
