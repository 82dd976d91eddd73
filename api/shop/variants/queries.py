"""The SQL of variants."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.shop.items.tables import items
from api.shop.money import Money
from api.shop.variants.records import Variant, VariantDraft
from api.shop.variants.tables import variants
from api.storage import Among, Prepared, Row, Transaction

_SELECT = sa.select(variants, items.c.name.label("item_name")).join_from(variants, items)
_LIVE = variants.c.retired_at.is_(None) & items.c.deleted_at.is_(None)
_KEYS = Among(variants.c.sku_key, "keys")

_OF_ITEMS = Prepared(
    _SELECT.where(Among(variants.c.item_id, "ids"), variants.c.retired_at.is_(None)).order_by(
        variants.c.position, variants.c.id
    )
)


def list_variants(tx: Transaction, *, item_ids: Collection[str]) -> list[Variant]:
    """The variants that these items are sold in now, in order."""
    return [_variant(row) for row in tx.rows(_OF_ITEMS, ids=list(item_ids))]


_EVER_OF_ITEM = _SELECT.where(variants.c.item_id == sa.bindparam("item")).order_by(variants.c.position)


def list_variants_ever(tx: Transaction, *, item_id: str) -> list[Variant]:
    """The variants that the item is and was sold in."""
    return [_variant(row) for row in tx.rows(_EVER_OF_ITEM, item=item_id)]


_ORDERABLE = Prepared(
    _SELECT.where(
        _KEYS,
        _LIVE,
        items.c.status.concat("") == "published",  # no index on it: the skus lead, and not all items on sale
        items.c.kind != "external",
    )
)


def list_orderable(tx: Transaction, *, keys: Collection[str]) -> dict[str, Variant]:
    """Of these folded skus those that can be ordered: published, not retired, sold here."""
    orderable = map(_variant, tx.rows(_ORDERABLE, keys=list(keys)))
    return {variant.key: variant for variant in orderable}


_BY_KEY = _SELECT.where(variants.c.sku_key == sa.bindparam("key"), items.c.deleted_at.is_(None))
_NAMED = {True: _BY_KEY, False: _BY_KEY.where(_LIVE, items.c.status == "published")}  # hidden ones too
_FIND = {hidden: Prepared(statement) for hidden, statement in _NAMED.items()}
_LOCK = {
    hidden: statement.with_for_update(of=variants, key_share=True) for hidden, statement in _NAMED.items()
}


def find_variant(tx: Transaction, *, key: str, hidden: bool, lock: bool = False) -> Variant | None:
    """The variant of that folded sku; with `hidden` also a retired one, or that of a draft."""
    row = tx.row(_LOCK[hidden] if lock else _FIND[hidden], key=key)
    return _variant(row) if row else None


_OWNERS = sa.select(variants.c.sku_key, variants.c.item_id).where(_KEYS)


def list_sku_owners(tx: Transaction, *, keys: Collection[str]) -> dict[str, str]:
    """Folded sku → id of the item that has, or had, it."""
    return {row.sku_key: row.item_id for row in tx.rows(_OWNERS, keys=list(keys))}


# SQLite knows PostgreSQL's form; a second insert of one sku waits here until the first transaction has ended.
_INSERT = Prepared(insert(variants).on_conflict_do_nothing(), *variants.c.keys())


def insert_variant(
    tx: Transaction, draft: VariantDraft, *, variant_id: str, item_id: str, position: int
) -> bool:
    """Store a new variant; False when its sku is taken."""
    row = {
        "id": variant_id,
        "item_id": item_id,
        "sku": draft.sku,
        "sku_key": draft.key,
        "label": draft.label,
        "tracked": int(draft.stock is not None),
        "available": draft.stock or 0,
        "position": position,
        "retired_at": None,
    }
    return tx.run(_INSERT, **row, **_offer(draft)) == 1


_UPDATE = sa.update(variants).where(variants.c.id == sa.bindparam("variant"))


def update_variant(
    tx: Transaction, *, variant_id: str, draft: VariantDraft | None = None, **columns: Any
) -> None:
    """Change the price and the options to those of `draft`, and columns; `available` is api.shop.stock's."""
    tx.run(_UPDATE, variant=variant_id, **columns, **(_offer(draft) if draft else {}))


def _offer(draft: VariantDraft) -> dict[str, Any]:
    return {
        "options": msgspec.json.encode(draft.options).decode(),
        "price": draft.price.amount,
        "compare_at": draft.compare_at.amount if draft.compare_at else None,
        "currency": draft.price.currency,
    }


def _variant(row: Row) -> Variant:
    options = msgspec.json.decode(row.options, type=dict[str, str])
    return Variant(
        id=row.id,
        item_id=row.item_id,
        item_name=row.item_name,
        sku=row.sku,
        name=row.label or ", ".join(options.values()) or row.item_name,
        options=options,
        price=Money(row.price, row.currency),
        compare_at=None if row.compare_at is None else Money(row.compare_at, row.currency),
        tracked=row.tracked == 1,
        available=row.available,
        retired=row.retired_at is not None,
    )
