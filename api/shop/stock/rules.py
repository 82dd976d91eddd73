"""Stock: an append-only ledger, and a counter that changes in the same breath and never passes zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.errors import Conflict, FieldError
from api.shop.orders.states import InvalidState
from api.shop.stock import queries as stock_queries
from api.shop.stock.records import Movement
from api.shop.variants import queries
from api.shop.variants.records import Variant
from api.storage import Transaction


class OutOfStock(Conflict):
    """Fewer units are left than this needs; nothing was taken. `available` tells what is left of each sku."""

    code, title = "out-of-stock", "Out of stock"
    remedy = "Ask for at most what `available` names, or leave the line out."


@dataclass(frozen=True, slots=True)
class Portion:
    """Units of one variant that an order wants, and the lines of the request that want them."""

    variant: Variant
    quantity: int
    lines: tuple[int, ...]


def take(tx: Transaction, *, portions: Sequence[Portion], order_id: str, by: str | None) -> None:
    """Take every portion from stock for the order, or raise OutOfStock and name all that is short.

    One order of locks for everyone, that of the skus: two buyers never wait for each other.
    """
    counted = [portion for portion in _by_sku(portions) if portion.variant.tracked]
    short = [
        portion
        for portion in counted
        if stock_queries.take_available(tx, variant_id=portion.variant.id, change=-portion.quantity) is None
    ]
    if short:
        raise _out_of_stock(tx, short)
    deltas = {portion.variant.id: -portion.quantity for portion in counted}
    stock_queries.insert_movements(tx, deltas=deltas, reason="order", order_id=order_id, by=by)


def give_back(tx: Transaction, *, order_id: str, by: str | None) -> None:
    """Return what the ledger says that the order still holds: a second time there is nothing left."""
    taken = stock_queries.list_taken_by_order(tx, order_id=order_id)
    for variant_id, quantity in taken.items():
        stock_queries.take_available(tx, variant_id=variant_id, change=quantity)
    stock_queries.insert_movements(tx, deltas=taken, reason="cancellation", order_id=order_id, by=by)


def move(
    tx: Transaction, *, variant: Variant, delta: int, reason: str, note: str | None, by: str | None
) -> Movement:
    """Count `delta` units in or out by hand; OutOfStock below zero, InvalidState when not counted."""
    if not variant.tracked:
        raise InvalidState(
            f"The stock of {variant.sku} is not counted: it was made without one.",
            state="untracked",
            allowed=[],
        )
    if stock_queries.take_available(tx, variant_id=variant.id, change=delta) is None:
        left = stock_queries.list_available(tx, variant_ids=[variant.id])
        detail = f"Only {left[variant.sku]} of {variant.sku} are there."
        error = FieldError(code=OutOfStock.code, detail=detail, pointer="/delta")
        raise OutOfStock(detail, available=left, errors=(error,))
    return stock_queries.insert_movements(tx, deltas={variant.id: delta}, reason=reason, note=note, by=by)[0]


def recount(tx: Transaction, *, variant: Variant, told: int, by: str | None) -> None:
    """Follow the count of another system, `told` now, by as much as it has changed since it was told last.

    What was sold here in between stays sold: taking `told` as it is would sell those units twice.
    """
    known = variant.external_stock if variant.external_stock is not None else variant.available
    queries.update_variant(tx, variant_id=variant.id, tracked=1, external_stock=told)
    change = max(told - known, -variant.available)
    if change and stock_queries.take_available(tx, variant_id=variant.id, change=change) is not None:
        stock_queries.insert_movements(tx, deltas={variant.id: change}, reason="import", by=by)


def _by_sku(portions: Sequence[Portion]) -> list[Portion]:
    return sorted(portions, key=lambda portion: portion.variant.sku.lower())


def _out_of_stock(tx: Transaction, short: Sequence[Portion]) -> OutOfStock:
    left = stock_queries.list_available(tx, variant_ids=[portion.variant.id for portion in short])
    places = sorted(
        (line, portion.variant.sku, portion.quantity) for portion in short for line in portion.lines
    )
    errors = tuple(
        FieldError(
            code=OutOfStock.code,
            detail=f"{quantity} of {sku} wanted, {left[sku]} left.",
            pointer=f"/lines/{line}",
        )
        for line, sku, quantity in places
    )
    return OutOfStock(errors[0].detail, available=left, errors=errors)
