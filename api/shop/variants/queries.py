"""The SQL of variants and of the stock ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from api.shop.items.tables import items, stock_movements, variants
from api.shop.money import Money
from api.shop.records import Movement, Variant
from api.storage.database import Row, Transaction
from api.storage.statements import Among, Prepared

_VARIANT = (
    variants.c.id,
    variants.c.item_id,
    items.c.name,
    variants.c.sku,
    variants.c.label,
    variants.c.options,
    variants.c.price,
    variants.c.compare_at,
    variants.c.currency,
    variants.c.tracked,
    variants.c.available,
    variants.c.retired_at,
    variants.c.external_id,
    variants.c.external_stock,
)
_SELECT = sa.select(*_VARIANT).join_from(variants, items)
_LIVE = variants.c.retired_at.is_(None) & items.c.deleted_at.is_(None)
_KEYS = Among(variants.c.sku_key, "keys")
_OF_ITEMS = Prepared(
    _SELECT.where(Among(variants.c.item_id, "ids"), variants.c.retired_at.is_(None)).order_by(
        variants.c.position, variants.c.id
    )
)
_EVER_OF_ITEM = _SELECT.where(variants.c.item_id == sa.bindparam("item")).order_by(variants.c.position)
_ON_SALE_TO_ALL = Prepared(
    _SELECT.where(
        _KEYS,
        _LIVE,
        items.c.status.concat("") == "published",  # no index on it: the skus lead, and not all items on sale
        items.c.kind != "external",
    )
)
_BY_SKU = _SELECT.where(variants.c.sku_key == sa.bindparam("key"), items.c.deleted_at.is_(None))
_NAMED = {True: _BY_SKU, False: _BY_SKU.where(_LIVE, items.c.status == "published")}  # hidden ones too
_FIND = {hidden: Prepared(statement) for hidden, statement in _NAMED.items()}
_FIND_AND_HOLD = {
    hidden: statement.with_for_update(of=variants, key_share=True) for hidden, statement in _NAMED.items()
}
_OWNERS = sa.select(variants.c.sku_key, variants.c.item_id).where(_KEYS)
_INSERT = sa.insert(variants)
_UPDATE = sa.update(variants).where(variants.c.id == sa.bindparam("variant"))

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


def list_variants(tx: Transaction, *, item_ids: Collection[str]) -> list[Variant]:
    """What these items are sold as now, in order."""
    return [_variant(row) for row in tx.rows(_OF_ITEMS, ids=list(item_ids))]


def list_variants_ever(tx: Transaction, *, item_id: str) -> list[Variant]:
    """What the item is and was sold as."""
    return [_variant(row) for row in tx.rows(_EVER_OF_ITEM, item=item_id)]


def list_orderable(tx: Transaction, *, keys: Collection[str]) -> dict[str, Variant]:
    """Of these folded skus those that can be ordered: published, not retired, sold here."""
    found = map(_variant, tx.rows(_ON_SALE_TO_ALL, keys=list(keys)))
    return {variant.sku.lower(): variant for variant in found}


def find_variant(tx: Transaction, *, key: str, hidden: bool, lock: bool = False) -> Variant | None:
    """The variant of that folded sku; with `hidden` also a draft's or a retired one."""
    row = tx.row(_FIND_AND_HOLD[hidden] if lock else _FIND[hidden], key=key)
    return _variant(row) if row else None


def list_sku_owners(tx: Transaction, *, keys: Collection[str]) -> dict[str, str]:
    """Folded sku → id of the item that has, or had, it."""
    return {row.sku_key: row.item_id for row in tx.rows(_OWNERS, keys=list(keys))}


def insert_variant(tx: Transaction, **columns: Any) -> None:
    """Store a new variant; IntegrityError when its sku is taken."""
    tx.run(_INSERT, **columns)


def update_variant(tx: Transaction, *, variant_id: str, **columns: Any) -> None:
    """Change columns of a variant; `available` is not for here."""
    tx.run(_UPDATE, variant=variant_id, **columns)


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


def list_movements(tx: Transaction, *, variant_id: str, before: str, limit: int) -> list[Movement]:
    """The ledger of a variant below the id `before`, newest first."""
    return [Movement(*row) for row in tx.rows(_MOVEMENTS, variant=variant_id, before=before, most=limit)]


def list_taken_by_order(tx: Transaction, *, order_id: str) -> dict[str, int]:
    """Variant id → units that the order took and has not given back, in order of sku."""
    return {variant_id: -int(delta) for variant_id, delta in tx.rows(_TAKEN_BY_ORDER, order=order_id)}


def _variant(row: Row) -> Variant:
    (
        variant_id, item_id, item_name, sku, label, options_text, price, compare_at, currency,
        tracked, available, retired_at, external_id, external_stock,
    ) = row  # fmt: skip
    options = msgspec.json.decode(options_text, type=dict[str, str])
    return Variant(
        id=variant_id,
        item_id=item_id,
        item_name=item_name,
        sku=sku,
        name=label or ", ".join(options.values()) or item_name,
        options=options,
        price=Money(price, currency),
        compare_at=None if compare_at is None else Money(compare_at, currency),
        tracked=tracked == 1,
        available=available,
        retired=retired_at is not None,
        external_id=external_id,
        external_stock=external_stock,
    )
