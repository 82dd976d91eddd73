"""The SQL of redirects, read together with the things that they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from api.articles.writing.tables import articles
from api.redirects.addresses import Address
from api.redirects.records import Redirect, Target, Thing
from api.redirects.tables import redirects
from api.shop.items.tables import items
from api.storage import Among, Keyset, Prepared, Row, Transaction
from api.taxonomy.tables import terms

_WITH_THINGS = (
    sa.select(
        redirects,
        articles.c.slug.label("article_slug"),
        articles.c.publish_at,
        items.c.slug.label("item_slug"),
        items.c.status,
        terms.c.slug.label("term_slug"),
        terms.c.kind,
        terms.c.shelf,
    )
    .outerjoin_from(redirects, articles, articles.c.id == redirects.c.article_id)
    .outerjoin(items, items.c.id == redirects.c.item_id)
    .outerjoin(terms, terms.c.id == redirects.c.term_id)
)

_FOR_REQUEST = Prepared(
    _WITH_THINGS.where(redirects.c.path == sa.bindparam("at"), Among(redirects.c.query, "queries"))
)


def find_for_request(tx: Transaction, *, path: str, queries: Sequence[str]) -> Redirect | None:
    """The redirect at that path with the first of the queries that has one."""
    rows = tx.rows(_FOR_REQUEST, at=path, queries=list(queries))
    best = min(rows, key=lambda row: queries.index(row.query), default=None)
    return _redirect(tx, best) if best else None


_FIND = _WITH_THINGS.where(redirects.c.id == sa.bindparam("redirect"))
_LOCK = _FIND.with_for_update(of=redirects)


def find_redirect(tx: Transaction, *, redirect_id: str, lock: bool = False) -> Redirect | None:
    """The redirect of that id; with `lock` it stays as it is until the transaction ends."""
    row = tx.row(_LOCK if lock else _FIND, redirect=redirect_id)
    return _redirect(tx, row) if row else None


_FILTERS: dict[str, sa.ColumnElement[bool]] = {
    "address": (redirects.c.path == sa.bindparam("at")) & (redirects.c.query == sa.bindparam("with_query")),
    "target": sa.or_(
        redirects.c.article_id == sa.bindparam("thing"),
        redirects.c.item_id == sa.bindparam("thing"),
        redirects.c.term_id == sa.bindparam("thing"),
    ),
}


@cache
def _listing(*filters: str) -> sa.Select[Any]:
    return (
        _WITH_THINGS.where(redirects.c.id < sa.bindparam("after"), *(_FILTERS[name] for name in filters))
        .order_by(redirects.c.id.desc())
        .limit(sa.bindparam("most"))
    )


def list_redirects(
    tx: Transaction, page: Keyset[str], *, address: Address | None = None, target: str | None = None
) -> list[Redirect]:
    """A page of redirects, newest first: all, or those at an address or to a thing."""
    values: dict[str, Any] = {"after": page.position, "most": page.most}
    filters = []
    if address is not None:
        filters.append("address")
        values |= {"at": address.path, "with_query": address.query}
    if target is not None:
        filters.append("target")
        values |= {"thing": target}
    return [_redirect(tx, row) for row in tx.rows(_listing(*filters), **values)]


# Both databases know this form; a second insert of one address waits until the first transaction has ended.
_INSERT = Prepared(
    sa.text(
        "INSERT INTO redirects"
        " (id, path, query, location, article_id, item_id, term_id, by_account, created_at)"
        " VALUES (:id, :path, :query, :location, :article_id, :item_id, :term_id, :by_account, :created_at)"
        " ON CONFLICT DO NOTHING"
    )
)
_NOWHERE = dict.fromkeys(("location", "article_id", "item_id", "term_id", "by_account"))
_COLUMNS = {"article": "article_id", "item": "item_id", "tag": "term_id", "category": "term_id"}


def insert_redirect(
    tx: Transaction,
    *,
    id: str,
    address: Address,
    location: str,
    by_account: str | None,
) -> bool:
    """Store a redirect; False when there is one at the address already."""
    row = {"id": id, "path": address.path, "query": address.query, "created_at": tx.now, **_NOWHERE}
    return tx.run(_INSERT, **row | {"location": location, "by_account": by_account}) == 1


_STORED = Prepared(sa.select(redirects.c.id).where(Among(redirects.c.id, "ids")))


def insert_redirects(tx: Transaction, targets: Mapping[Address, Target]) -> set[Address]:
    """Store a redirect to each of the things; the addresses that had none yet."""
    ids = {tx.new_id("red"): address for address in targets}
    rows = [
        _NOWHERE
        | {"id": id, "path": address.path, "query": address.query, "created_at": tx.now}
        | {_COLUMNS[targets[address].kind]: targets[address].id}
        for id, address in ids.items()
    ]
    tx.run_many(_INSERT, rows)
    return {ids[row.id] for row in tx.rows(_STORED, ids=list(ids))}


_DELETE = sa.delete(redirects).where(redirects.c.id == sa.bindparam("redirect"))


def delete_redirect(tx: Transaction, *, redirect_id: str) -> None:
    """Remove a redirect."""
    tx.run(_DELETE, redirect=redirect_id)


def _redirect(tx: Transaction, row: Row) -> Redirect:
    return Redirect(
        id=row.id,
        address=Address(row.path, row.query),
        location=row.location,
        thing=_thing(tx, row) if row.location is None else None,
        created_at=row.created_at,
    )


def _thing(tx: Transaction, row: Row) -> Thing:
    if row.article_id is not None:
        is_public = row.publish_at is not None and row.publish_at <= tx.now
        target, slug = Target("article", row.article_id), row.article_slug
    elif row.item_id is not None:
        is_public = row.item_slug is not None and row.status not in ("draft", "archived")
        target, slug = Target("item", row.item_id), row.item_slug
    else:
        is_public, target, slug = True, Target(row.kind, row.term_id), row.term_slug
    return Thing(target=target, slug=slug, scope=row.shelf or "articles", is_public=is_public)
