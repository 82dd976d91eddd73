"""The orders that need a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.media.uses import MOST_SHOWN, Use
from api.roles import ORDERS_READ, Viewer
from api.shop.downloads import queries
from api.storage import Transaction


def list_uses(tx: Transaction, media_ids: Sequence[str], viewer: Viewer) -> Iterator[tuple[str, Use]]:
    """The newest orders that need these media, with their media; none unless the viewer sees orders."""
    seen = viewer.may(ORDERS_READ)
    rows = queries.list_needing(tx, media_ids=media_ids, most=MOST_SHOWN) if seen else ()
    return ((media_id, Use("order", order_id, str(number))) for media_id, order_id, number in rows)
