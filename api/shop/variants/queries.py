"""The SQL of variants."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.shop.items.tables import PUBLIC, items
from api.shop.money import Money
from api.shop.orders.tables import OPEN, order_lines, orders
from api.shop.stock import queries as stock_queries
from api.shop.variants.records import Sale, Variant, VariantDraft, downloads_in
from api.shop.variants.tables import variants
from api.storage import Among, Prepared, Row, Transaction
from api.times import Instant

# The first hold to end, in every row: asking whether any has ended costs no query of its own.
_first_expiry = (
    sa.select(orders.c.expires_at)
    .where(OPEN, orders.c.expires_at.is_not(None))
    .order_by(orders.c.expires_at)
    .limit(1)
    .scalar_subquery()
)
_SELECT = sa.select(
    variants,
    items.c.name.label("item_name"),
    items.c.kind,
    items.c.tax_class,
    _first_expiry.label("first_expiry"),
).join_from(variants, items)
_LIVE = variants.c.retired_at.is_(None) & items.c.deleted_at.is_(None)
_KEYS = Among(variants.c.sku_key, "keys")

_OF_ITEMS = Prepared(
    _SELECT.where(Among(variants.c.item_id, "ids"), variants.c.retired_at.is_(None)).order_by(
        variants.c.position, variants.c.id
    )
)


def list_variants(tx: Transaction, *, item_ids: Collection[str]) -> list[Variant]:
    """The variants that these items are sold in now, in order."""
    return _variants(tx, tx.rows(_OF_ITEMS, ids=list(item_ids)))


_EVER_OF_ITEM = _SELECT.where(variants.c.item_id == sa.bindparam("item")).order_by(variants.c.position)


def list_variants_ever(tx: Transaction, *, item_id: str) -> list[Variant]:
    """The variants that the item is and was sold in."""
    return _variants(tx, tx.rows(_EVER_OF_ITEM, item=item_id))


_ORDERABLE = _SELECT.where(_KEYS, _LIVE, PUBLIC, items.c.kind != "external")
_FIND_ORDERABLE = Prepared(_ORDERABLE)
_LOCK_ORDERABLE = Prepared(_ORDERABLE.with_for_update(of=variants, read=True, key_share=True))


def list_orderable(tx: Transaction, *, keys: Collection[str], lock: bool = False) -> dict[str, Variant]:
    """Of these folded skus those that can be ordered: public, not retired, sold here.

    With `lock` none is freed for another item before this transaction ends.
    """
    statement = _LOCK_ORDERABLE if lock else _FIND_ORDERABLE
    orderable = _variants(tx, tx.rows(statement, keys=list(keys)))
    return {variant.key: variant for variant in orderable}


_BY_KEY = _SELECT.where(variants.c.sku_key == sa.bindparam("key"), items.c.deleted_at.is_(None))
_NAMED = {True: _BY_KEY, False: _BY_KEY.where(_LIVE, PUBLIC)}  # hidden ones too
_FIND = {hidden: Prepared(statement) for hidden, statement in _NAMED.items()}
_LOCK = {
    hidden: statement.with_for_update(of=(items, variants), key_share=True)
    for hidden, statement in _NAMED.items()
}


def find_variant(tx: Transaction, *, key: str, hidden: bool, lock: bool = False) -> Variant | None:
    """The variant of that folded sku; with `hidden` also a retired one, or that of a draft.

    With `lock` neither it nor its item is changed before this transaction ends.
    """
    row = tx.row(_LOCK[hidden] if lock else _FIND[hidden], key=key)
    return _variants(tx, [row])[0] if row else None


_BY_ID = _SELECT.where(Among(variants.c.id, "ids"))


def list_by_id(tx: Transaction, *, ids: Collection[str]) -> dict[str, Variant]:
    """Id → variant, retired ones and those of deleted items too."""
    return {variant.id: variant for variant in _variants(tx, tx.rows(_BY_ID, ids=list(ids)))}


_OWNERS = Prepared(sa.select(variants.c.sku_key, variants.c.item_id).where(_KEYS))


def list_sku_owners(tx: Transaction, *, keys: Collection[str]) -> dict[str, str]:
    """Folded sku → id of the item that has, or had, it."""
    return {row.sku_key: row.item_id for row in tx.rows(_OWNERS, keys=list(keys))}


_OF_DELETED = (
    sa.select(variants.c.item_id)
    .join_from(variants, items)
    .where(Among(variants.c.item_id, "ids"), variants.c.sku_key.is_not(None), items.c.deleted_at.is_not(None))
    .order_by(variants.c.sku_key)
    .with_for_update(of=variants)
)
_IN_OPEN_ORDERS = (
    sa.select(variants.c.item_id)
    .join_from(variants, order_lines, order_lines.c.variant_id == variants.c.id)
    .join(orders, orders.c.id == order_lines.c.order_id)
    .where(
        Among(variants.c.item_id, "ids"),
        OPEN,
        sa.or_(orders.c.expires_at.is_(None), orders.c.expires_at > sa.bindparam("now")),
    )
    .distinct()
)
_FREE = sa.update(variants).where(Among(variants.c.item_id, "ids")).values(sku_key=None)


def free_skus(tx: Transaction, *, item_ids: Collection[str]) -> set[str]:
    """Free the skus of those of these items that are deleted and in no open order; the ids of those items."""
    deleted = {row.item_id for row in tx.rows(_OF_DELETED, ids=list(item_ids))}
    if not deleted:
        return set()
    deleted -= {row.item_id for row in tx.rows(_IN_OPEN_ORDERS, ids=list(deleted), now=tx.now)}
    tx.run(_FREE, ids=list(deleted))
    return deleted


# SQLite knows PostgreSQL's form; a second insert of one sku waits here until the first transaction has ended.
_INSERT = Prepared(
    insert(variants).on_conflict_do_nothing(),
    *(column.name for column in variants.c if column.name != "version"),
)


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
    return tx.run(_INSERT, **row, **_offer(draft, now=tx.now)) == 1


_UPDATE = sa.update(variants).where(variants.c.id == sa.bindparam("variant"))


def update_variant(
    tx: Transaction, *, variant_id: str, draft: VariantDraft | None = None, **columns: Any
) -> None:
    """Change what is offered to what `draft` says, and columns; `available` is api.shop.stock's."""
    tx.run(_UPDATE, variant=variant_id, **columns, **(_offer(draft, now=tx.now) if draft else {}))


def _offer(draft: VariantDraft, *, now: Instant) -> dict[str, Any]:
    sale = draft.sale
    return {
        "options": msgspec.json.encode(draft.options).decode(),
        "price": draft.price.amount,
        "compare_at": draft.compare_at.amount if draft.compare_at else None,
        "sale_price": sale.price.amount if sale else None,
        "sale_from": sale.from_ if sale else None,
        "sale_until": sale.until if sale else None,
        "sale_turns_at": sale.next_turn(now) if sale else None,
        "currency": draft.price.currency,
        "weight_g": draft.weight_g,
        "max_per_order": draft.max_per_order,
        "downloads": msgspec.json.encode(draft.downloads).decode(),
    }


def _variants(tx: Transaction, rows: Sequence[Row]) -> list[Variant]:
    first_expiry = rows[0].first_expiry if rows else None
    is_overdue = first_expiry is not None and first_expiry <= tx.now
    overdue = stock_queries.list_overdue(tx) if is_overdue else {}
    return [_variant(row, overdue.get(row.id, 0) if row.tracked else 0, now=tx.now) for row in rows]


def _variant(row: Row, overdue: int, *, now: Instant) -> Variant:
    regular = Money(row.price, row.currency)
    sale = None
    if row.sale_price is not None:
        sale = Sale(Money(row.sale_price, row.currency), row.sale_from, row.sale_until)
    options = msgspec.json.decode(row.options, type=dict[str, str])
    return Variant(
        id=row.id,
        item_id=row.item_id,
        item_name=row.item_name,
        tax_class=row.tax_class,
        physical=row.kind == "physical",
        sku=row.sku,
        label=row.label,
        name=row.label or ", ".join(options.values()) or row.item_name,
        options=options,
        price=sale.price if sale is not None and sale.holds_at(now) else regular,
        regular_price=regular,
        sale=sale,
        compare_at=None if row.compare_at is None else Money(row.compare_at, row.currency),
        weight_g=row.weight_g,
        max_per_order=row.max_per_order,
        downloads=downloads_in(row.downloads),
        tracked=row.tracked == 1,
        available=row.available + overdue,
        overdue=overdue,
        position=row.position,
        retired=row.retired_at is not None,
        version=row.version,
    )
