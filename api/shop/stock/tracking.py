"""Tracking: the stock of a variant is counted or not, and that may change while orders are open.

The deltas of a variant always sum to its counter, which is 0 while nothing is counted. An order returns what
the ledger says it took, whenever that was, and to a counter only if there is one then.
"""

from __future__ import annotations

from msgspec import structs

from api.events import rules as events
from api.roles import STOCK_WRITE, Viewer
from api.shop.orders.states import InvalidState
from api.shop.stock import holds, queries
from api.shop.variants import rules as variants
from api.shop.variants.records import Variant
from api.storage import Transaction


def find(tx: Transaction, *, ref: str, viewer: Viewer) -> Variant:
    """The variant with that sku, locked, after all orders that are due have returned its units; NotFound."""
    variant = variants.find(tx, ref=ref, viewer=viewer, permission=STOCK_WRITE)
    holds.release_all(tx, [variant.id])
    return variants.find(tx, ref=ref, viewer=viewer, permission=STOCK_WRITE, lock=True)


def begin(tx: Transaction, variant: Variant, *, available: int, actor: Viewer | None) -> Variant:
    """Count the stock of the variant from now on; InvalidState if it is counted already."""
    if not queries.update_tracked(tx, variant_id=variant.id, available=available):
        raise InvalidState(
            f"The stock of {variant.sku} is counted already.",
            state="tracked",
            allowed=["stock-movements"],
            available=variant.available,
        )
    queries.insert_movements(tx, {variant.id: available}, reason="tracked", actor=actor)
    after = structs.replace(variant, tracked=True, available=available)
    events.note(tx, "stock.moved", after, actor=actor)
    return after


def end(tx: Transaction, variant: Variant, *, actor: Viewer | None) -> None:
    """Stop counting the stock of the variant, which `find` has locked, if it is counted."""
    if variant.tracked:
        queries.update_untracked(tx, variant_id=variant.id)
        queries.insert_movements(tx, {variant.id: -variant.available}, reason="untracked", actor=actor)
        after = structs.replace(variant, tracked=False, available=0)
        events.note(tx, "stock.moved", after, actor=actor)
