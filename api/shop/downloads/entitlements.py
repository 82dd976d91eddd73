"""The rights to downloads: they follow from what an order has become, so that none is ever set by hand."""

from __future__ import annotations

from collections.abc import Sequence

from api.media import uses
from api.shop.downloads import queries
from api.shop.downloads.records import LINKS_PER_UNIT, Entitlement
from api.shop.fulfilments import queries as fulfilment_queries
from api.shop.fulfilments.records import Fulfilment, FulfilmentLine
from api.shop.orders.records import Order, OrderLine
from api.storage import Transaction


def follow(tx: Transaction, order: Order) -> dict[int, int]:
    """Let the downloads be those of the order as it is now, and record that the server sends them.

    That begins when nothing is due any more. What is refunded in full, or comes back, ends it. Returns the
    units that were sent, by position of their line.
    """
    lines = [line for line in order.lines if line.downloads]
    if not lines:
        return {}
    hold(tx, order)
    is_standing = _is_standing(order)
    is_paid = is_standing and order.due == 0
    if is_paid:
        queries.insert_missing(tx, _entitlements(tx, order, lines))
    for line in lines:
        units = line.standing - line.returned
        if is_standing and units:
            queries.update_granted(
                tx, order_id=order.id, position=line.position, limit=units * LINKS_PER_UNIT
            )
        else:
            queries.update_revoked(tx, order_id=order.id, position=line.position)
    return _send(tx, order, [line for line in lines if line.remaining]) if is_paid else {}


def hold(tx: Transaction, order: Order) -> None:
    """Let the media that come with an order stay as long as its buyer has them, or may pay for them."""
    media = {each.media for line in order.lines for each in line.downloads if each.media}
    if media:
        standing = [line for line in order.lines if line.standing > line.returned and _is_standing(order)]
        needed = {each.media for line in standing for each in line.downloads if each.media}
        uses.hold(tx, order.id, needed)


def list_lost(tx: Transaction, order: Order) -> list[str]:
    """The skus of the order with a file that was deleted while nobody could pay for it."""
    media = {each.media for line in order.lines for each in line.downloads if each.media}
    lost = media - uses.existing(tx, media) if media else media
    return [
        line.sku
        for line in order.lines
        if line.standing and any(each.media in lost for each in line.downloads)
    ]


def _is_standing(order: Order) -> bool:
    return order.order_status in ("open", "completed") and order.payment_status != "refunded"


def _entitlements(tx: Transaction, order: Order, lines: Sequence[OrderLine]) -> list[Entitlement]:
    """Those of all files; the first line's are made last, since lists begin with the newest."""
    return [
        Entitlement(
            id=tx.new_id("ent"),
            order_id=order.id,
            position=line.position,
            sku=line.sku,
            path=download.path,
            media=download.media,
            name=download.name,
            limit=units * LINKS_PER_UNIT,
        )
        for line in reversed(lines)
        for units in [line.standing - line.returned]
        for download in reversed(line.downloads)
        if units
    ]


def _send(tx: Transaction, order: Order, lines: Sequence[OrderLine]) -> dict[int, int]:
    units = {line.position: line.remaining for line in lines}
    if units:
        fulfilment = Fulfilment(
            id=tx.new_id("ful"),
            lines=tuple(FulfilmentLine(line.sku, line.remaining) for line in lines),
            carrier=None,
            tracking=None,
            created_at=tx.now,
        )
        fulfilment_queries.insert_fulfilment(tx, fulfilment, order_id=order.id, units=units, actor_id=None)
    return units
