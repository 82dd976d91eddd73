"""The SQL of stock: the counter of each variant and the ledger of its movements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from api.roles import Viewer
from api.shop.orders.tables import OPEN, orders
from api.shop.stock.records import Movement, Reason
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.storage import Among, Keyset, Prepared, Transaction, columns_of, row_of

# The counter never passes zero: the condition and the change are one statement.
_ADD = Prepared(
    sa.update(variants)
    .where(
        variants.c.id == sa.bindparam("variant"),
        variants.c.tracked == 1,
        variants.c.available + sa.bindparam("delta") >= 0,
    )
    .values(available=variants.c.available + sa.bindparam("delta"))
    .returning(variants.c.available)
)


def add_available(tx: Transaction, *, variant_id: str, delta: int) -> int | None:
    """Add `delta`, which may be negative, to the counter; None if there is no counter or too little in it."""
    left: int | None = tx.value(_ADD, variant=variant_id, delta=delta)
    return left


_AVAILABLE = Prepared(
    sa.select(variants.c.sku, variants.c.available).where(
        Among(variants.c.id, "ids"), variants.c.tracked == 1
    )
)


def list_available(tx: Transaction, *, variant_ids: Sequence[str]) -> dict[str, int]:
    """Sku → units left, of those variants whose stock is counted."""
    return {row.sku: row.available for row in tx.rows(_AVAILABLE, ids=list(variant_ids))}


_THIS = sa.update(variants).where(variants.c.id == sa.bindparam("variant"))
_TRACK = _THIS.where(variants.c.tracked == 0).values(tracked=1, available=sa.bindparam("units"))
_UNTRACK = _THIS.values(tracked=0, available=0)


def update_tracked(tx: Transaction, *, variant_id: str, available: int) -> bool:
    """Start the counter of a variant; False if it has one."""
    return tx.run(_TRACK, variant=variant_id, units=available) == 1


def update_untracked(tx: Transaction, *, variant_id: str) -> None:
    """Stop the counter of a variant."""
    tx.run(_UNTRACK, variant=variant_id)


_LOCK = (
    sa.select(variants.c.id)
    .where(Among(variants.c.id, "ids"))
    .order_by(variants.c.sku_key)
    .with_for_update(key_share=True)
)


def lock_counters(tx: Transaction, *, variant_ids: Collection[str]) -> None:
    """Lock the counters of these variants in the order of their skus, before they change in another."""
    tx.rows(_LOCK, ids=list(variant_ids))


_INSERT_MOVEMENTS = Prepared(sa.insert(stock_movements), *stock_movements.c.keys())


def insert_movements(
    tx: Transaction,
    deltas: Mapping[str, int],
    *,
    reason: Reason,
    actor: Viewer | None,
    note: str | None = None,
    order_id: str | None = None,
) -> list[Movement]:
    """Write `deltas`, by the id of the variant, into the ledger."""
    by = actor.account_id if actor else None
    movements = {
        variant_id: Movement(tx.new_id("mov"), delta, reason, note, order_id, by, tx.now)
        for variant_id, delta in deltas.items()
    }
    rows = [row_of(movement, variant_id=variant_id) for variant_id, movement in movements.items()]
    tx.run_many(_INSERT_MOVEMENTS, rows)
    return list(movements.values())


_MOVEMENTS = (
    sa.select(*columns_of(stock_movements, Movement))
    .where(
        stock_movements.c.variant_id == sa.bindparam("variant"), stock_movements.c.id < sa.bindparam("before")
    )
    .order_by(stock_movements.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_movements(tx: Transaction, page: Keyset[str], *, variant_id: str) -> list[Movement]:
    """A page of the variant's ledger, newest first."""
    rows = tx.rows(_MOVEMENTS, variant=variant_id, before=page.position, most=page.most)
    return [Movement(*row) for row in rows]


_TAKEN = (
    sa.select(stock_movements.c.order_id, stock_movements.c.variant_id, sa.func.sum(stock_movements.c.delta))
    .join(variants)
    .where(Among(stock_movements.c.order_id, "orders"))
    .group_by(stock_movements.c.order_id, stock_movements.c.variant_id, variants.c.sku_key)
    .having(sa.func.sum(stock_movements.c.delta) < 0)
    .order_by(variants.c.sku_key)
)


def list_taken(tx: Transaction, *, order_ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """Order id, variant id, and units that the order took and has not returned; in order of sku."""
    rows = tx.rows(_TAKEN, orders=list(order_ids))
    return [(order_id, variant_id, -int(delta)) for order_id, variant_id, delta in rows]


_OVERDUE = Prepared(
    sa.select(stock_movements.c.variant_id, sa.func.sum(stock_movements.c.delta))
    .join_from(orders, stock_movements, stock_movements.c.order_id == orders.c.id)
    .where(OPEN, orders.c.expires_at <= sa.bindparam("now"))
    .group_by(stock_movements.c.variant_id)
)


def list_overdue(tx: Transaction) -> dict[str, int]:
    """Variant id → units that expired orders have not returned yet; mostly of none."""
    return {variant_id: -int(delta) for variant_id, delta in tx.rows(_OVERDUE, now=tx.now)}
