"""Stock: an append-only ledger, and a counter that changes with it and never passes zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import structs

from api.errors import Conflict
from api.events import rules as events
from api.roles import Viewer
from api.shop.orders.states import InvalidState
from api.shop.stock import holds, levels, queries, tracking
from api.shop.stock.levels import Happened
from api.shop.stock.records import Movement, Reason
from api.shop.variants.records import Variant
from api.storage import Transaction


class OutOfStock(Conflict):
    """Too few units are in stock; nothing was taken. `available` lists the units left of each sku."""

    code, title = "out-of-stock", "Out of stock"
    remedy = "Order at most what `available` lists, or leave the line out."


class TooManyUnits(Conflict):
    """One order has at most `max` units of this variant."""

    code, title = "too-many-units", "Too many units"
    remedy = "Order at most `max` units of it."


class Portion(msgspec.Struct, frozen=True):
    """The units of one variant in an order, and the lines of the request that name it."""

    variant: Variant
    quantity: int
    lines: tuple[int, ...]


def check_units(portions: Sequence[Portion]) -> None:
    """Raise TooManyUnits if an order has more units of a variant than it may, with every line that does."""
    over = [
        (line, variant.sku, variant.max_per_order)
        for variant, quantity, lines in ((part.variant, part.quantity, part.lines) for part in portions)
        if variant.max_per_order is not None and quantity > variant.max_per_order
        for line in lines
    ]
    if over:
        raise TooManyUnits.at_each(
            (
                (f"/lines/{line}/quantity", f"At most {most} of {sku} in one order.")
                for line, sku, most in over
            ),
            max=over[0][2],
        )


def take(
    tx: Transaction, portions: Sequence[Portion], *, order_id: str, actor: Viewer | None
) -> list[Happened]:
    """Take every portion from stock for the order, or raise OutOfStock, naming every sku that is short.

    The caller notes the events that are returned, together with those of the order.

    All transactions lock in the order of the skus: two buyers never wait for each other.
    """
    holds.release(tx, (portion.variant for portion in portions))
    counted = [portion for portion in _by_sku(portions) if portion.variant.tracked]
    deltas, short, happened = dict[str, int](), list[Portion](), list[Happened]()
    for portion in counted:
        variant_id, delta = portion.variant.id, -portion.quantity
        left = queries.add_available(tx, variant_id=variant_id, delta=delta)
        if left is None:
            short.append(portion)
        else:
            deltas[variant_id] = delta
            before = structs.replace(portion.variant, available=left - delta)
            happened += levels.moved(before, available=left)
    if short:
        _check_untracked(tx, short)
    queries.insert_movements(tx, deltas, reason="order", order_id=order_id, actor=actor)
    return happened


def give_back(tx: Transaction, *, order_id: str, units: Mapping[str, int], actor: Viewer | None) -> None:
    """Return units, by the id of their variant, to stock, as far as the ledger says the order has any."""
    held = {variant_id: held for _, variant_id, held in queries.list_taken(tx, order_ids=[order_id])}
    taken = {ref: min(units[ref], held) for ref, held in held.items() if units.get(ref)}
    queries.insert_movements(tx, taken, reason="cancellation", order_id=order_id, actor=actor)
    holds.put_back(tx, taken, actor=actor)
    levels.note_returned(tx, taken, actor=actor)


def move(
    tx: Transaction, variant: Variant, *, delta: int, reason: Reason, note: str | None, actor: Viewer
) -> Movement:
    """Record `delta` units in or out by hand; OutOfStock below zero, InvalidState if stock is not counted."""
    holds.release(tx, [variant])
    available = queries.add_available(tx, variant_id=variant.id, delta=delta)
    if available is None:
        left = queries.list_available(tx, variant_ids=[variant.id])
        if not left:
            raise InvalidState(
                f"The stock of {variant.sku} is not counted.", state="untracked", allowed=["tracking"]
            )
        raise OutOfStock.at(
            "/delta", f"Only {left[variant.sku]} of {variant.sku} are in stock.", available=left
        )
    before = structs.replace(variant, available=available - delta)
    events.note_each(tx, levels.moved(before, available=available), actor=actor)
    return queries.insert_movements(tx, {variant.id: delta}, reason=reason, note=note, actor=actor)[0]


def adjust(tx: Transaction, variant: Variant, *, delta: int, reason: Reason, actor: Viewer | None) -> None:
    """Add `delta` units, or remove as many as there are; counting starts if stock was not counted."""
    if variant.tracked:
        holds.release(tx, [variant])
    else:
        holds.release_all(tx, [variant.id])
        tracking.begin(tx, variant, available=0, actor=actor)
    delta = max(delta, -variant.available)
    available = queries.add_available(tx, variant_id=variant.id, delta=delta) if delta else None
    if available is not None:
        queries.insert_movements(tx, {variant.id: delta}, reason=reason, actor=actor)
        before = structs.replace(variant, available=available - delta)
        events.note_each(tx, levels.moved(before, available=available), actor=actor)


def _by_sku(portions: Sequence[Portion]) -> list[Portion]:
    return sorted(portions, key=lambda portion: portion.variant.key)


def _check_untracked(tx: Transaction, short: Sequence[Portion]) -> None:
    """OutOfStock unless counting has ended for all of these since they were read."""
    left = queries.list_available(tx, variant_ids=[portion.variant.id for portion in short])
    if not left:
        return
    lines = sorted(
        (line, portion.variant.sku, portion.quantity)
        for portion in short
        if portion.variant.sku in left
        for line in portion.lines
    )
    if not lines:
        raise OutOfStock(available=left)
    raise OutOfStock.at_each(
        (
            (f"/lines/{line}", f"Only {left[sku]} of {sku} are in stock, not {quantity}.")
            for line, sku, quantity in lines
        ),
        available=left,
    )
