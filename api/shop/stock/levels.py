"""The events of stock: every movement, and when little or nothing is left."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import structs

from api.events import rules as events
from api.events.records import EventType
from api.roles import Viewer
from api.shop.variants import queries as variant_queries
from api.shop.variants.records import Variant
from api.storage import Transaction

LOW = 5
"""Units at which stock is low, if there were more before."""

Happened = tuple[EventType, Variant]


def moved(before: Variant, *, available: int) -> list[Happened]:
    """The events of a variant of which so many units are left now, with none that are overdue."""
    after = structs.replace(before, tracked=True, available=available, overdue=0)
    happened: list[Happened] = [("stock.moved", after)]
    if available == 0 < before.available:
        happened.append(("stock.out", after))
    elif available <= LOW < before.available:
        happened.append(("stock.low", after))
    return happened


def note_returned(tx: Transaction, variant_ids: Collection[str], *, actor: Viewer | None) -> None:
    """Note that units of these variants are back, wherever they are counted."""
    variants = variant_queries.list_by_id(tx, ids=variant_ids) if variant_ids else {}
    back = (variants[ref] for ref in variant_ids if variants[ref].tracked)
    events.note_each(tx, (("stock.moved", variant) for variant in back), actor=actor)
