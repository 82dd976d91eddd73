"""The SQL of coupons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import structs

from api.shop.coupons.records import Aim, Coupon
from api.shop.coupons.tables import coupons
from api.shop.items.tables import item_slugs, item_terms, items
from api.shop.money import Money
from api.storage import Among, Keyset, Prepared, Row, Transaction, row_of
from api.taxonomy.tables import terms

_BY_ID = coupons.c.id == sa.bindparam("coupon")
_FIND = sa.select(coupons).where(_BY_ID)
_LOCK = _FIND.with_for_update()


def find_coupon(tx: Transaction, *, coupon_id: str, lock: bool = False) -> Coupon | None:
    """The coupon of that id."""
    row = tx.row(_LOCK if lock else _FIND, coupon=coupon_id)
    return _with_slugs(tx, [_coupon(row)])[0] if row else None


_LIST = (
    sa.select(coupons)
    .where(coupons.c.id < sa.bindparam("before"))
    .order_by(coupons.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_coupons(tx: Transaction, page: Keyset[str]) -> list[Coupon]:
    """A page of coupons, newest first."""
    rows = tx.rows(_LIST, before=page.position, most=page.most)
    return _with_slugs(tx, [_coupon(row) for row in rows])


_BY_CODE = Prepared(sa.select(coupons).where(Among(coupons.c.code_key, "keys")))


def list_by_code(tx: Transaction, *, keys: Collection[str]) -> dict[str, Coupon]:
    """Folded code → coupon, with the slugs that its items and categories once had."""
    return {row.code_key: _coupon(row) for row in tx.rows(_BY_CODE, keys=list(keys))}


_ITEMS = (
    sa.select(item_slugs.slug, items.c.id, items.c.slug.label("present"))
    .join_from(item_slugs.table, items, items.c.id == item_slugs.owner)
    .where(Among(item_slugs.slug, "slugs"), items.c.deleted_at.is_(None))
)
_CATEGORIES = sa.select(terms.c.slug, terms.c.id, terms.c.slug.label("present")).where(
    terms.c.shelf == "items", terms.c.kind == "category", Among(terms.c.slug, "slugs")
)


def find_items(tx: Transaction, *, slugs: Sequence[str]) -> dict[str, Aim]:
    """Slug → item, by the slug that it has or had."""
    return {row.slug: Aim(row.id, row.present) for row in tx.rows(_ITEMS, slugs=list(slugs))}


def find_categories(tx: Transaction, *, slugs: Sequence[str]) -> dict[str, Aim]:
    """Slug → category of items."""
    return {row.slug: Aim(row.id, row.present) for row in tx.rows(_CATEGORIES, slugs=list(slugs))}


_FILED = Prepared(
    sa.select(item_terms.c.item_id, item_terms.c.term_id).where(
        Among(item_terms.c.item_id, "items"), Among(item_terms.c.term_id, "terms")
    )
)


def list_filed(
    tx: Transaction, *, item_ids: Collection[str], term_ids: Collection[str]
) -> set[tuple[str, str]]:
    """Item and category, wherever one of these items is in one of these categories."""
    rows = tx.rows(_FILED, items=list(item_ids), terms=list(term_ids))
    return {(item_id, term_id) for item_id, term_id in rows}


# Both databases know this form; a second insert of one code waits until the first transaction has ended.
_NAMES = [column.name for column in coupons.c]
_INSERT = Prepared(
    sa.text(
        f"INSERT INTO coupons ({', '.join(_NAMES)})"  # noqa: S608  # names of columns
        f" VALUES ({', '.join(f':{name}' for name in _NAMES)}) ON CONFLICT DO NOTHING"
    )
)


def insert_coupon(tx: Transaction, coupon: Coupon, *, currency: str) -> bool:
    """Store a new coupon; False when there is one of its code."""
    return tx.run(_INSERT, **_row(coupon, currency)) == 1


_UPDATE = sa.update(coupons).where(_BY_ID)


def update_coupon(tx: Transaction, coupon: Coupon, *, currency: str) -> None:
    """Store what a shopkeeper has changed; its code is free, and `used` is not changed here."""
    columns = _row(coupon, currency)
    del columns["used"]
    tx.run(_UPDATE, coupon=columns.pop("id"), **columns)


_DELETE = sa.delete(coupons).where(_BY_ID)


def delete_coupon(tx: Transaction, *, coupon_id: str) -> None:
    """Remove a coupon and the record of its uses."""
    tx.run(_DELETE, coupon=coupon_id)


_SLUGS = {
    "items": sa.select(items.c.id, items.c.slug).where(Among(items.c.id, "ids"), items.c.slug.is_not(None)),
    "categories": sa.select(terms.c.id, terms.c.slug).where(Among(terms.c.id, "ids")),
}


def _with_slugs(tx: Transaction, found: Sequence[Coupon]) -> list[Coupon]:
    """These coupons with the slugs of today; what is gone has its last one."""
    aims: dict[str, dict[str, str]] = {}
    for name, statement in _SLUGS.items():
        ids = {aim.id for coupon in found for aim in getattr(coupon, name)}
        aims[name] = {row.id: row.slug for row in tx.rows(statement, ids=list(ids))} if ids else {}
    return [
        structs.replace(
            coupon,
            **{
                name: tuple(Aim(aim.id, slugs.get(aim.id, aim.slug)) for aim in getattr(coupon, name))
                for name, slugs in aims.items()
            },
        )
        for coupon in found
    ]


_AIMS = msgspec.json.Decoder(tuple[Aim, ...])


def _coupon(row: Row) -> Coupon:
    columns = row._asdict()
    currency = columns.pop("currency")
    del columns["code_key"]
    for name in ("amount", "min_subtotal"):
        if columns[name] is not None:
            columns[name] = Money(columns[name], currency)
    for name in ("items", "categories"):
        columns[name] = _AIMS.decode(columns[name])
    return Coupon(**columns)


def _row(coupon: Coupon, currency: str) -> dict[str, Any]:
    aims = {name: msgspec.json.encode(getattr(coupon, name)).decode() for name in ("items", "categories")}
    amounts = {name: getattr(coupon, name) for name in ("amount", "min_subtotal")}
    return {
        **row_of(coupon, code_key=coupon.code.lower(), currency=currency),
        **{name: money and money.amount for name, money in amounts.items()},
        **aims,
    }
