"""The SQL of sales that begin and end, each of which is noted once."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from api.shop.items.tables import items
from api.shop.variants.tables import variants
from api.storage import Among, Prepared, Transaction
from api.times import Instant

_TURNED = variants.c.sale_turns_at <= sa.bindparam("now")
_ANY_TURNED = Prepared(sa.select(variants.c.id).where(_TURNED).limit(sa.literal_column("1")))


def has_turned(tx: Transaction) -> bool:
    """Whether a sale has begun or ended that is not noted yet."""
    return tx.row(_ANY_TURNED, now=tx.now) is not None


class Turned(NamedTuple):
    """A variant whose sale has begun or ended; `is_sold`: it is not retired, nor its item deleted."""

    id: str
    item_id: str
    is_sold: bool


_SOME = sa.select(variants.c.item_id).where(_TURNED).order_by(variants.c.sale_turns_at)
_LOCK_ITEMS = (
    sa.select(items.c.id)
    .where(items.c.id.in_(_SOME.limit(sa.bindparam("most"))))
    .with_for_update(key_share=True, skip_locked=True)
)
_LOCK_VARIANTS = (
    sa.select(variants.c.id, variants.c.item_id, variants.c.retired_at, items.c.deleted_at)
    .join_from(variants, items)
    .where(Among(variants.c.item_id, "items"), _TURNED)
    .order_by(variants.c.sku_key)
    .with_for_update(of=variants, key_share=True)
)


def lock_some_turned(tx: Transaction, *, most: int) -> list[Turned]:
    """Lock some of these, of at most so many items that nobody else has locked.

    As everywhere items are locked first, and then variants in the order of their skus.
    """
    item_ids = [row.id for row in tx.rows(_LOCK_ITEMS, now=tx.now, most=most)]
    rows = tx.rows(_LOCK_VARIANTS, items=item_ids, now=tx.now) if item_ids else []
    return [Turned(row.id, row.item_id, row.retired_at is None and row.deleted_at is None) for row in rows]


_TURN = (
    sa.update(variants)
    .where(Among(variants.c.id, "ids"))
    .values(
        sale_turns_at=sa.case((variants.c.sale_until > sa.bindparam("now"), variants.c.sale_until)),
        version=variants.c.version + 1,
    )
)


def update_turned(tx: Transaction, *, variant_ids: Collection[str]) -> None:
    """Give these variants a new version; only the ends to come of their sales are not noted yet."""
    tx.run(_TURN, ids=list(variant_ids), now=tx.now)


_NEXT_NOTED = sa.select(sa.func.min(variants.c.sale_turns_at)).where(
    variants.c.sale_turns_at > sa.bindparam("after")
)
_NEXT_BEHIND = sa.select(sa.func.min(variants.c.sale_until)).where(
    variants.c.sale_turns_at <= sa.bindparam("after"), variants.c.sale_until > sa.bindparam("after")
)
_NEXT = sa.select(_NEXT_NOTED.scalar_subquery(), _NEXT_BEHIND.scalar_subquery())


def find_next(tx: Transaction, *, after: Instant) -> Instant | None:
    """The instant at which the next sale begins or ends, also one whose begin is not noted yet."""
    row = tx.row(_NEXT, after=after)
    return min((turn for turn in row or () if turn is not None), default=None)
