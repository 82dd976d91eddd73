"""The SQL of variants and of the stock ledger."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from api.shop.items.tables import items
from api.shop.money import Money
from api.shop.variants.records import Variant
from api.shop.variants.tables import variants
from api.storage import Among, Prepared, Row, Transaction

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
