"""The SQL of stock: the counter of each variant and the ledger of its movements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from api.shop.stock.records import Movement
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.storage import Among, Keyset, Prepared, Transaction

_COUNTED = (variants.c.id == sa.bindparam("variant")) & (variants.c.tracked == 1)
# The counter never passes zero: the condition and the change are one statement.
_ADD = Prepared(
    sa.update(variants)
    .where(_COUNTED, variants.c.available + sa.bindparam("change") >= 0)
    .values(available=variants.c.available + sa.bindparam("change"))
    .returning(variants.c.available)
)
_AVAILABLE = Prepared(sa.select(variants.c.sku, variants.c.available).where(Among(variants.c.id, "ids")))
_INSERT_MOVEMENTS = Prepared(
    sa.insert(stock_movements),
    *("id", "variant_id", "delta", "reason", "note", "order_id", "by_account", "created_at"),
)
_MOVEMENTS = (
    sa.select(
        stock_movements.c.id,
        stock_movements.c.delta,
        stock_movements.c.reason,
        stock_movements.c.note,
        stock_movements.c.order_id,
        stock_movements.c.by_account,
        stock_movements.c.created_at,
    )
    .where(
        stock_movements.c.variant_id == sa.bindparam("variant"), stock_movements.c.id < sa.bindparam("before")
    )
    .order_by(stock_movements.c.id.desc())
    .limit(sa.bindparam("most"))
)
_TAKEN_BY_ORDER = (
    sa.select(stock_movements.c.variant_id, sa.func.sum(stock_movements.c.delta))
    .join(variants)
    .where(stock_movements.c.order_id == sa.bindparam("order"))
    .group_by(stock_movements.c.variant_id, variants.c.sku_key)
    .having(sa.func.sum(stock_movements.c.delta) < 0)
    .order_by(variants.c.sku_key)
)


def take_available(tx: Transaction, *, variant_id: str, change: int) -> int | None:
    """Add `change`, which may be negative, to what is counted; None when it is uncounted or too little."""
    left: int | None = tx.value(_ADD, variant=variant_id, change=change)
    return left


def list_available(tx: Transaction, *, variant_ids: Sequence[str]) -> dict[str, int]:
    """Sku → units left."""
    return {row.sku: row.available for row in tx.rows(_AVAILABLE, ids=list(variant_ids))}


def insert_movements(
    tx: Transaction,
    *,
    deltas: Mapping[str, int],
    reason: str,
    by: str | None,
    note: str | None = None,
    order_id: str | None = None,
) -> list[Movement]:
    """Write variant id → delta into the ledger."""
    written = [
        (variant_id, Movement(tx.new_id("mov"), delta, reason, note, order_id, by, tx.now))
        for variant_id, delta in deltas.items()
    ]
    tx.run_many(
        _INSERT_MOVEMENTS,
        [
            {
                "id": movement.id,
                "variant_id": variant_id,
                "delta": movement.delta,
                "reason": reason,
                "note": note,
                "order_id": order_id,
                "by_account": by,
                "created_at": tx.now,
            }
            for variant_id, movement in written
        ],
    )
    return [movement for _, movement in written]


def list_movements(tx: Transaction, page: Keyset[str], *, variant_id: str) -> list[Movement]:
    """A page of the variant's ledger, newest first."""
    return [
        Movement(*row)
        for row in tx.rows(_MOVEMENTS, variant=variant_id, before=page.position, most=page.most)
    ]


def list_taken_by_order(tx: Transaction, *, order_id: str) -> dict[str, int]:
    """Variant id → units that the order took and has not given back, in order of sku."""
    return {variant_id: -int(delta) for variant_id, delta in tx.rows(_TAKEN_BY_ORDER, order=order_id)}
