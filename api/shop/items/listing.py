"""The SQL of lists of items: newest first, the hits of a search, or all of them one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.media.tables import media_uses
from api.shop.items.queries import COLUMNS, IS_THERE, TERMS, complete
from api.shop.items.records import Item
from api.shop.items.tables import PUBLIC, item_terms, item_words, items
from api.shop.stock import queries as stock_queries
from api.shop.variants.tables import variants
from api.storage import Among, Keyset, Prepared, Row, Transaction
from api.times import Instant

LAST, MOST = "itm_~", 2**63 - 1
"""Sorts behind every id; is greater than every number."""


def list_items(
    tx: Transaction,
    page: Keyset[tuple[int, str] | None],
    *,
    q: str | None = None,
    in_stock: bool | None = None,
    stock_below: int | None = None,
    **equal: str | None,
) -> list[tuple[int, Item]]:
    """A page of rank and item, by rank, newest first; `equal` are category, tag and status, None for any.

    `stock_below`: only those on sale of which fewer units of a variant are left. What holds no word at all is
    no search.
    """
    after, limit = page
    values: dict[str, Any] = {name: value for name, value in equal.items() if value is not None}
    filters = set(values)
    if in_stock is not None:
        filters.add("in_stock" if in_stock else "sold_out")
        values["overdue"] = list(stock_queries.list_overdue(tx))
    if stock_below is not None:
        filters.add("stock_below")
        values["stock_below"] = stock_below
    words = item_words.queries(q, tx.dialect) if q else ()
    if words:
        return _search(tx, words, frozenset(filters), values, after, limit)
    values["after_id"] = after[1] if after else LAST
    rows = tx.rows(_page(frozenset(filters)), **values, most=limit)
    return [(0, item) for item in complete(tx, rows)]


_PUBLISHED = (
    sa.select(items.c.slug, items.c.updated_at)
    .where(IS_THERE, items.c.status == "published")
    .order_by(items.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_published(tx: Transaction, *, most: int) -> list[tuple[str, Instant]]:
    """Slug, and last change, of published items, the newest first."""
    return [(slug, updated_at) for slug, updated_at in tx.rows(_PUBLISHED, most=most)]


_FROM = (
    sa.select(*COLUMNS)
    .where(IS_THERE, items.c.number > sa.bindparam("after"))
    .order_by(items.c.number)
    .limit(sa.bindparam("most"))
)


def list_from(tx: Transaction, *, after: int, limit: int) -> list[Item]:
    """Items after that number, whatever their status."""
    return complete(tx, tx.rows(_FROM, after=after, most=limit))


_EACH = sa.select(*COLUMNS).where(IS_THERE, Among(items.c.id, "ids"))


def list_each(tx: Transaction, *, ids: Sequence[str]) -> list[Item]:
    """The items of these ids, whatever their status."""
    return complete(tx, tx.rows(_EACH, ids=ids))


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
    return list(zip(ranks, complete(tx, rows), strict=True))


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
    page = sa.select(*COLUMNS).select_from(source).where(*leading, *_fitting(filters))
    page = page.where(key < sa.bindparam("after_id"))
    return Prepared(page.order_by(key.desc()).limit(sa.bindparam("most")))


@cache
def _hits(filters: frozenset[str], dialect: str) -> Prepared:
    """The statement for the hits of one rank: they lead, in the order of their numbers."""
    hits = item_words.hits(dialect)
    page = (
        sa.select(*COLUMNS)
        .join_from(hits.index, items, items.c.number == hits.joined)
        .where(hits.fit, hits.number < sa.bindparam("below"), items.c.number < sa.bindparam("below"))
        .where(*_fitting(filters))
        .order_by(hits.number.desc())
        .limit(sa.bindparam("most"))
    )
    return Prepared(page, replanned=True)


def _fitting(filters: frozenset[str]) -> Iterator[sa.ColumnElement[bool]]:
    yield IS_THERE
    if "status" in filters:
        yield items.c.status == sa.bindparam("status")
    for kind in ("tag", "category"):
        if kind in filters:
            yield TERMS.lead_to(TERMS.id_of(kind))
    if "in_stock" in filters:
        yield _in_stock()
    if "sold_out" in filters:
        yield ~_in_stock()
    if "stock_below" in filters:
        yield PUBLIC
        yield _runs_out()


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


def _runs_out() -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            variants.c.item_id == items.c.id,
            variants.c.retired_at.is_(None),
            variants.c.tracked == 1,
            variants.c.available < sa.bindparam("stock_below"),
        )
        .correlate(items)
    )


def _showing(*seen: sa.ColumnElement[bool]) -> sa.Select[Any]:
    place = sa.func.row_number().over(partition_by=media_uses.c.media_id, order_by=items.c.id.desc())
    showing = (
        sa.select(media_uses.c.media_id, items.c.id, items.c.name, place.label("place"))
        .join_from(media_uses, items, items.c.id == media_uses.c.thing_id)
        .where(Among(media_uses.c.media_id, "ids"), *seen)
        .subquery()
    )
    newest = sa.select(showing.c.media_id, showing.c.id, showing.c.name)
    return newest.where(showing.c.place <= sa.bindparam("most")).order_by(showing.c.id.desc())


_SHOWING = {True: _showing(), False: _showing(PUBLIC)}


def list_showing(tx: Transaction, *, media_ids: Sequence[str], sees_all: bool, most: int) -> Sequence[Row]:
    """Medium, id and name of so many items that show each of these media, the newest first."""
    return tx.rows(_SHOWING[sees_all], ids=media_ids, most=most)
