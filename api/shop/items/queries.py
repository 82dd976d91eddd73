"""The SQL that finds and stores items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from api.shop.items.records import Item, Option, Property
from api.shop.items.tables import PUBLIC, item_slugs, item_terms, items
from api.shop.variants import queries as variant_queries
from api.shop.variants.records import Variant
from api.storage import Prepared, Row, Transaction
from api.taxonomy.queries import TermLinks, TermsOf
from api.text.images import Image

TERMS = TermLinks(
    item_terms.c.item_id,
    scope="items",
    title=items.c.name,
    public=[(items.c.id == item_terms.c.item_id) & (items.c.status == "published")],
)

COLUMNS = [column for column in items.c if column.name in Item.__struct_fields__]
IS_THERE = items.c.deleted_at.is_(None)
_OF_SLUG = (
    sa.select(item_slugs.owner).where(item_slugs.slug == sa.bindparam("ref", type_=sa.Text)).scalar_subquery()
)
_EVERY = sa.select(*COLUMNS).where(
    IS_THERE, items.c.id == sa.func.coalesce(_OF_SLUG, sa.bindparam("ref", type_=sa.Text))
)
_NAMED = {True: _EVERY, False: _EVERY.where(PUBLIC)}  # hidden ones too
_FIND = {hidden: Prepared(statement) for hidden, statement in _NAMED.items()}
_LOCK = {hidden: statement.with_for_update(of=items, key_share=True) for hidden, statement in _NAMED.items()}


def find_item(tx: Transaction, *, ref: str, hidden: bool, lock: bool = False) -> Item | None:
    """The item of that id, slug or old slug; with `hidden` also one that is not public.

    With `lock` no other transaction changes it before this one ends.
    """
    row = tx.row(_LOCK[hidden] if lock else _FIND[hidden], ref=ref)
    return complete(tx, [row])[0] if row else None


# Never RETURNING: SQLite makes a savepoint for it, at which FTS5 writes all the words that it gathers.
_INSERT = Prepared(
    sa.insert(items).inline(),
    *({column.name for column in items.c} - {"number", "version", "deleted_at"}),
)


def insert_item(tx: Transaction, **columns: Any) -> None:
    """Store a new item."""
    tx.run(_INSERT, **_stored(columns))


_DELETE = sa.update(items).where(items.c.id == sa.bindparam("item"))
_UPDATE = _DELETE.values(version=items.c.version + 1)


def update_item(tx: Transaction, *, item_id: str, **columns: Any) -> None:
    """Give an item a new version as of now: with these columns, or for a change of its variants."""
    tx.run(_UPDATE, item=item_id, updated_at=tx.now, **_stored(columns))


def delete_item(tx: Transaction, *, item_id: str) -> None:
    """Mark an item as deleted; it gives its slug back."""
    tx.run(_DELETE, item=item_id, slug=None, deleted_at=tx.now)


def complete(tx: Transaction, rows: Sequence[Row]) -> list[Item]:
    """The items of these rows with what belongs to them: one query a relation, however many rows."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    sold: dict[str, list[Variant]] = {item_id: [] for item_id in ids}
    for variant in variant_queries.list_variants(tx, item_ids=ids):
        sold[variant.item_id].append(variant)
    filed = TERMS.find_terms(tx, ids)
    return [_item(row, sold[row.id], filed) for row in rows]


_LISTS: dict[str, Any] = {
    "options": tuple[Option, ...],
    "properties": tuple[Property, ...],
    "images": tuple[Image, ...],
}
_DECODERS = {name: msgspec.json.Decoder(type) for name, type in _LISTS.items()}


def _stored(columns: dict[str, Any]) -> dict[str, Any]:
    encoded = {name: msgspec.json.encode(columns[name]).decode() for name in _LISTS if name in columns}
    return columns | encoded


def _item(row: Row, sold: list[Variant], filed: TermsOf) -> Item:
    others = {
        **{name: decoder.decode(getattr(row, name)) for name, decoder in _DECODERS.items()},
        "variants": tuple(sold),
        "tags": filed.get((row.id, "tag"), ()),
        "categories": filed.get((row.id, "category"), ()),
    }
    return Item(**row._asdict() | others)
