"""Thousands of rows in every table and, older than all of them, the few that questions are about."""

from __future__ import annotations

import re
from typing import Any, get_args

import sqlalchemy as sa

from api.accounts.api_keys import queries as key_queries
from api.accounts.api_keys.records import ApiKey
from api.accounts.throttle import queries as throttle_queries
from api.articles.writing.records import Article
from api.ids import ALPHABET
from api.roles import Role, Viewer
from api.shop.items.tables import items
from api.shop.orders import rules as orders
from api.storage import Database, Transaction, metadata
from api.times import Instant
from api.web.idempotency.tables import idempotency_records
from tests.factories import (
    cancel,
    fulfil,
    make_account,
    make_article,
    make_comment,
    make_item,
    make_order,
    make_viewer,
    pay,
    sign_in,
)

PAGE = 101
"""One more than the longest page."""
WORLDS = 12
APART = 10_000
"""Between the numbers of one world and of the next."""
LONG_AGO, THEN, LATER = (Instant(f"{year}-01-01T00:00:00.000Z") for year in (2019, 2024, 2090))
ROLES = get_args(Role)

_ID = re.compile(r"[a-z]{3}_0[0-9a-z]{25}\Z")
_UNIQUE = ("slug", "email_key", "sku_key", "name_key", "subject", "key")


def fill(db: Database) -> dict[str, str]:
    """The few, a page of everything, and copies of that; the ids of some of the few."""
    db.clock = lambda: THEN
    with db.write() as tx:
        names = {"parcels": _fill_a_page(tx)}
        _copy_all(tx)
        newer = items.c.id > f"itm_{ALPHABET[WORLDS // 2]}"
        tx.run(sa.update(items).where(newer).values(status="archived"))
    db.clock = lambda: LONG_AGO
    with db.write() as tx:
        return names | _write_the_few(tx)


def email(who: str) -> str:
    """By which the account is known that has the role, or is the busy one."""
    return f"{who}@kiosque.test"


def _fill_a_page(tx: Transaction) -> str:
    """A page of what the busy customer does, of one article, one sku and one order; the id of the order."""
    busy = make_viewer(tx, role="owner", email=email("busy"))
    busy_article = make_article(tx, author=busy, title="Busy")
    make_item(tx, sku="busy", name="Busy", stock=PAGE)
    make_item(tx, sku="parcel", name="Parcel", stock=PAGE)
    parcels = make_order(tx, busy, ("parcel", PAGE))
    for number in range(PAGE):
        make_account(tx)
        sign_in(tx, busy)
        key = ApiKey(tx.new_id("key"), "Busy", "kk_", (), tx.now, None, LATER)  # more than one may have
        key_queries.insert_key(tx, key, account_id=busy.id, secret_hash=key.id.encode())
        throttle_queries.lock_failures(tx, subject=f"network:{number}")
        _keep_record(tx, busy, number)
        terms = {"tags": ("Busy", f"Tag {number}"), "categories": ("Busy", f"Category {number}")}
        make_article(tx, author=make_viewer(tx), title=f"Busy {number}", **terms)
        _comment(tx, busy_article, busy)
        terms["categories"] = (("Busy",), (f"Category {number}",))
        make_item(tx, sku=f"busy-{number}", name=f"Busy {number}", stock=3, **terms)
        _order(tx, busy, lines=[("busy", 1), (f"busy-{number}", 1)], paid=2000, sent=True)
        pay(tx, parcels, 1000, actor=busy)
        fulfil(tx, parcels, ("parcel", 1), actor=busy)
    return parcels.id


def _write_the_few(tx: Transaction) -> dict[str, str]:
    viewers = {role: make_viewer(tx, role=role, name=role, email=email(role)) for role in ROLES}
    make_account(tx, status="suspended")
    author, customer = viewers["author"], viewers["customer"]
    few: dict[str, Any] = {"author": author, "tags": ("Rare",), "categories": ("Few",)}
    article = make_article(tx, title="Lighthouse", **few)
    for kind, publish_at in (("article", None), ("article", LATER), ("page", ""), ("page", None)):
        make_article(tx, title=f"Foghorn {kind}", type=kind, publish_at=publish_at, **few)
    comment = _comment(tx, article, customer)
    for status in ("pending", "spam"):
        _comment(tx, article, customer, status=status)
    filed: dict[str, Any] = {"tags": ("Rare",), "categories": (("Few",),)}
    item = make_item(tx, sku="mug", name="Lighthouse mug", stock=9, **filed)
    for status in ("draft", "archived"):
        make_item(tx, sku=status, name=status, status=status, **filed)
    make_item(tx, sku="gone", name="Gone", stock=0, **filed)
    cancelled = _order(tx, customer, lines=[("mug", 1)])
    cancel(tx, orders.find(tx, ref=cancelled, viewer=customer), actor=customer)
    partly_paid = _order(tx, customer, lines=[("mug", 1)], paid=500)
    paid = _order(tx, customer, lines=[("mug", 1)], paid=1000)
    return {
        "article": article.id,
        "comment": comment,
        "customer": customer.id,
        "item": item.id,
        "open": partly_paid,
        "order": paid,
    }


def _keep_record(tx: Transaction, viewer: Viewer, number: int) -> None:
    scope = {"account_id": viewer.id, "method": "POST", "path": "/v1/orders", "key": f"key-{number}"}
    tx.run(sa.insert(idempotency_records), **scope, fingerprint=b"", created_at=tx.now)


def _comment(tx: Transaction, article: Article, author: Viewer, *, status: Any = "approved") -> str:
    return make_comment(tx, article, author=author, status=status).id


def _order(
    tx: Transaction, buyer: Viewer, *, lines: list[tuple[str, int]], paid: int = 0, sent: bool = False
) -> str:
    order = make_order(tx, buyer, *lines)
    if paid:
        pay(tx, order, paid, actor=buyer)
    if sent:
        fulfil(tx, order, actor=buyer)
    return order.id


def _copy_all(tx: Transaction) -> None:
    """Every row again for each world: newer, and with nothing to do with those of other worlds."""
    for table in metadata.sorted_tables:
        if table.name == "events":  # one log, whose positions are unique
            continue
        rows = [row._mapping for row in tx.rows(sa.select(table))]
        for world in range(1, WORLDS):
            copies = [{name: _copy(name, value, world) for name, value in row.items()} for row in rows]
            tx.run_many(sa.insert(table), copies)
    for words in ("article_words", "item_words"):
        rows = tx.rows(sa.text(f"SELECT rowid, words FROM {words}"))
        for world in range(1, WORLDS):
            copied = sa.text(f"INSERT INTO {words} (rowid, words) VALUES (:number, :words)")
            tx.run_many(copied, [{"number": row[0] + world * APART, "words": row[1]} for row in rows])


def _copy(name: str, value: Any, world: int) -> Any:
    if name == "number":
        return value + world * APART
    if isinstance(value, bytes):
        return bytes([world]) + value
    if isinstance(value, str) and _ID.match(value):
        return value.replace("_0", f"_{ALPHABET[world]}", 1)
    return f"{value}-of-{world}" if name in _UNIQUE and value is not None else value
