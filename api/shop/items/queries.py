"""The SQL of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from api.shop.items.records import Item, ItemDraft, Option
from api.shop.items.tables import item_slugs, item_terms, item_words, items
from api.shop.stock import queries as stock_queries
from api.shop.variants import queries as variant_queries
from api.shop.variants.records import Variant
from api.shop.variants.tables import variants
from api.storage import Among, Keyset, Prepared, Row, Transaction
from api.taxonomy.queries import TermLinks, TermsOf
from api.text.images import Image
from api.times import Instant

LAST, MOST = "itm_~", 2**63 - 1
"""Sorts behind every id; is greater than every number."""

TERMS = TermLinks(
    item_terms.c.item_id,
    scope="items",
    title=items.c.name,
    public=[(items.c.id == item_terms.c.item_id) & (items.c.status == "published")],
)

_ITEM = [column for column in items.c if column.name in Item.__struct_fields__]
_THERE = items.c.deleted_at.is_(None)
_PUBLIC = items.c.status == "published"
_BY_ID = sa.select(*_ITEM).where(_THERE, items.c.id == sa.bindparam("ref"))
_BY_SLUG = sa.select(*_ITEM).where(_THERE, items.c.slug == sa.bindparam("ref"))
_NAMED = {  # by id, hidden ones too
    (True, True): _BY_ID,
    (True, False): _BY_ID.where(_PUBLIC),
    (False, True): _BY_SLUG,
    (False, False): _BY_SLUG.where(_PUBLIC),
}
_FIND = {which: Prepared(statement) for which, statement in _NAMED.items()}
_LOCK = {which: statement.with_for_update(key_share=True) for which, statement in _NAMED.items()}


def find_item(tx: Transaction, *, ref: str, hidden: bool, lock: bool = False) -> Item | None:
    """The item of that id or slug; with `hidden` also one that is not published."""
    which = ref.startswith("itm_"), hidden  # no slug holds an underscore
    row = tx.row(_LOCK[which] if lock else _FIND[which], ref=ref)
    return _whole(tx, [row])[0] if row else None


def list_items(
    tx: Transaction,
    page: Keyset[tuple[int, str] | None],
    *,
    q: str | None = None,
    in_stock: bool | None = None,
    **equal: str | None,
) -> list[tuple[int, Item]]:
    """A page of rank and item, by rank, newest first; `equal` are category, tag and status, None for any."""
    after, limit = page
    values: dict[str, Any] = {name: value for name, value in equal.items() if value is not None}
    filters = set(values)
    if in_stock is not None:
        filters.add("in_stock" if in_stock else "sold_out")
        values["overdue"] = list(stock_queries.list_overdue(tx))
    if q is None:
        values["after_id"] = after[1] if after else LAST
        rows = tx.rows(_page(frozenset(filters)), **values, most=limit)
        return [(0, item) for item in _whole(tx, rows)]
    return _search(tx, item_words.queries(q, tx.dialect), frozenset(filters), values, after, limit)


_LEADS_TO = (
    sa.select(items.c.slug)
    .join_from(item_slugs.table, items)
    .where(item_slugs.slug == sa.bindparam("wanted"), _THERE)
)
_LEADS_ALL_TO = _LEADS_TO.where(_PUBLIC)


def find_moved(tx: Transaction, *, slug: str, hidden: bool) -> str | None:
    """The slug now of the item that `slug` leads to; with `hidden` also of one that is not published."""
    present: str | None = tx.value(_LEADS_TO if hidden else _LEADS_ALL_TO, wanted=slug)
    return present


_PUBLISHED = (
    sa.select(items.c.slug, items.c.updated_at)
    .where(_THERE, _PUBLIC)
    .order_by(items.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_published(tx: Transaction, *, most: int) -> list[tuple[str, Instant]]:
    """Slug, and last change, of published items, the newest first."""
    return [(slug, updated_at) for slug, updated_at in tx.rows(_PUBLISHED, most=most)]


_FROM = (
    sa.select(*_ITEM)
    .where(_THERE, items.c.number > sa.bindparam("after"))
    .order_by(items.c.number)
    .limit(sa.bindparam("most"))
)


def list_from(tx: Transaction, *, after: int, limit: int) -> list[Item]:
    """Items after that number, whatever their status."""
    return _whole(tx, tx.rows(_FROM, after=after, most=limit))


_EACH = sa.select(*_ITEM).where(_THERE, Among(items.c.id, "ids"))


def list_each(tx: Transaction, *, ids: Sequence[str]) -> list[Item]:
    """The items of these ids, whatever their status."""
    return _whole(tx, tx.rows(_EACH, ids=ids))


# Never RETURNING: SQLite makes a savepoint for it, at which FTS5 writes all the words that it gathers.
_INSERT = Prepared(
    sa.insert(items).inline(), *({column.name for column in items.c} - {"number", "deleted_at"})
)


def insert_item(tx: Transaction, draft: ItemDraft, *, images: Sequence[Image], **others: Any) -> None:
    """Store a new item."""
    tx.run(_INSERT, **_columns(draft, images), **others)


def replace_item(
    tx: Transaction, draft: ItemDraft, *, item_id: str, images: Sequence[Image], **others: Any
) -> None:
    """Make the columns of an item those of `draft`, but for the slug, and change `others`."""
    update_item(tx, item_id=item_id, **_columns(draft, images), **others)


_UPDATE = sa.update(items).where(items.c.id == sa.bindparam("item"))


def update_item(tx: Transaction, *, item_id: str, **columns: Any) -> None:
    """Change columns of an item."""
    tx.run(_UPDATE, item=item_id, **columns)


def _columns(draft: ItemDraft, images: Sequence[Image]) -> dict[str, Any]:
    return {
        **{name: getattr(draft, name) for name in _SAME},
        "options": msgspec.json.encode(draft.options).decode(),
        "images": msgspec.json.encode(images).decode(),
    }


_SAME = [name for name in ItemDraft.__struct_fields__ if name in items.c and name != "slug"]

# The item of a cursor stays, deleted or not; one that never was stands before the next older.
_NUMBER_OF = Prepared(
    sa.select((items.c.number + sa.case((items.c.id == sa.bindparam("after_id"), 0), else_=1)).label("below"))
    .where(items.c.id <= sa.bindparam("after_id"))
    .order_by(items.c.id.desc())
    .limit(1)
)


def _search(
    tx: Transaction,
    words: Sequence[str],
    filters: frozenset[str],
    values: Mapping[str, Any],
    after: tuple[int, str] | None,
    limit: int,
) -> list[tuple[int, Item]]:
    """The hits of one rank after those of another, until there are enough of them."""
    statement = _hits(filters, tx.dialect)
    first, below = (after[0], tx.value(_NUMBER_OF, after_id=after[1])) if after else (0, MOST)
    ranks, rows = list[int](), list[Row]()
    for rank in range(first, len(words)):
        bounds = {"below": below if rank == first else MOST, "most": limit - len(rows)}
        found = tx.rows(statement, **values, words=words[rank], **bounds)
        ranks += [rank] * len(found)
        rows += found
        if len(rows) == limit:
            break
    return list(zip(ranks, _whole(tx, rows), strict=True))


@cache
def _page(filters: frozenset[str]) -> Prepared:
    """The statement for one combination of filters.

    A category or a tag leads, since its index has the order of the list; the other one is looked up for each
    item.
    """
    source: sa.FromClause = items
    key = items.c.id
    leading: list[sa.ColumnElement[bool]] = []
    for kind in ("tag", "category"):
        if kind in filters:
            lead = item_terms.alias("lead")
            source, key = lead.join(items, items.c.id == lead.c.item_id), lead.c.item_id
            leading.append(lead.c.term_id == TERMS.id_of(kind))
            filters -= {kind}
            break
    page = sa.select(*_ITEM).select_from(source).where(*leading, *_fitting(filters))
    page = page.where(key < sa.bindparam("after_id"))
    return Prepared(page.order_by(key.desc()).limit(sa.bindparam("most")))


@cache
def _hits(filters: frozenset[str], dialect: str) -> Prepared:
    """The statement for the hits of one rank: they lead, in the order of their numbers."""
    hits = item_words.hits(dialect)
    page = (
        sa.select(*_ITEM)
        .join_from(hits.index, items, items.c.number == hits.joined)
        .where(hits.fit, hits.number < sa.bindparam("below"), items.c.number < sa.bindparam("below"))
        .where(*_fitting(filters))
        .order_by(hits.number.desc())
        .limit(sa.bindparam("most"))
    )
    return Prepared(page, replanned=True)


def _fitting(filters: frozenset[str]) -> Iterator[sa.ColumnElement[bool]]:
    yield _THERE
    if "status" in filters:
        yield items.c.status == sa.bindparam("status")
    for kind in ("tag", "category"):
        if kind in filters:
            yield TERMS.lead_to(TERMS.id_of(kind))
    if "in_stock" in filters:
        yield _in_stock()
    if "sold_out" in filters:
        yield ~_in_stock()


def _in_stock() -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            variants.c.item_id == items.c.id,
            variants.c.retired_at.is_(None),
            sa.or_(variants.c.tracked == 0, variants.c.available > 0, Among(variants.c.id, "overdue")),
        )
        .correlate(items)
    )


def _whole(tx: Transaction, rows: Sequence[Row]) -> list[Item]:
    """The items of these rows with what belongs to them: one query a relation, however many rows."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    sold: dict[str, list[Variant]] = {item_id: [] for item_id in ids}
    for variant in variant_queries.list_variants(tx, item_ids=ids):
        sold[variant.item_id].append(variant)
    filed = TERMS.find_terms(tx, ids)
    return [_item(row, sold[row.id], filed) for row in rows]


def _item(row: Row, sold: list[Variant], filed: TermsOf) -> Item:
    others = {
        "options": msgspec.json.decode(row.options, type=tuple[Option, ...]),
        "images": msgspec.json.decode(row.images, type=tuple[Image, ...]),
        "variants": tuple(sold),
        "tags": filed.get((row.id, "tag"), ()),
        "categories": filed.get((row.id, "category"), ()),
    }
    return Item(**row._asdict() | others)
