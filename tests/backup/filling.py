"""A database in which every table holds something, and the awkward things: NULLs, bytes, every script."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.accounts.api_keys import rules as api_keys
from api.accounts.api_keys.records import ApiKeyDraft
from api.accounts.throttle import queries as throttle_queries
from api.accounts.throttle import rules as throttle
from api.accounts.throttle.records import Failures
from api.audit.tables import audit_events
from api.ids import new_id
from api.media.files import named
from api.media.folder import Folder
from api.roles import Viewer
from api.shop.items.records import Property
from api.shop.reconcile.rules import compare, names
from api.storage import Database, Transaction, metadata
from api.taxonomy.tables import terms
from api.web.idempotency.tables import idempotency_records
from tests.factories import (
    cancel,
    fulfil,
    make_article,
    make_comment,
    make_item,
    make_order,
    make_viewer,
    pay,
    refund,
    sign_in,
)
from tests.nouns import nouns

AWKWARD = "Ærøskøbing 書店 🏮 e\u0301 \u202eعربي\u202c \\N \\. \"'\t\n\u2028 ~ \U0010ffff"
BYTES = bytes(range(256))
NOT_COPIED = {"mail_texts", "setup_links"}
"""Their links are as good as a password."""

_ROWS = {table: sa.select(table) for table in metadata.sorted_tables}
_ROWS[audit_events] = sa.select(audit_events).where(audit_events.c.kind != "restore")


def fill(db: Database) -> None:
    """Something in every table, by the rules where there are some."""
    with db.write() as tx:
        owner = make_viewer(tx, role="owner", name=AWKWARD)
        sign_in(tx, owner)
        api_keys.create(tx, ApiKeyDraft(AWKWARD, ()), actor=owner)
        throttle_queries.lock_failures(tx, subject="a")
        throttle_queries.update_failures(tx, subject="a", failures=Failures(2**63 - 1, tx.now))
        throttle.note_login(tx, account_id=owner.id, network="192.0.2.0/24")
        tx.run(
            sa.insert(idempotency_records),
            account_id=owner.id,
            method="POST",
            path="/v1/ø",
            key="k",
            fingerprint=b"",
            status=201,
            body=BYTES,
            created_at=tx.now,
        )
        article = make_article(
            tx, author=owner, title="Fog", body=AWKWARD, tags=["Ø"], categories=["書"], excerpt=AWKWARD
        )
        first = make_comment(tx, article, author=owner, body=AWKWARD)
        make_comment(tx, article, author=owner, body=AWKWARD, parent_id=first.id)
        properties = (Property(name="Matière", value="Grès"),)
        mug = {"name": AWKWARD, "stock": 9, "tags": ("Ø",), "price": 10**11, "properties": properties}
        make_item(tx, sku="Mug", kind="service", **mug)
        make_item(tx, sku="talk", kind="service", price=0)
        _order(tx, owner, sent=1)
        _order(tx, owner, cancelled=True)
        _family(tx)
        for noun in nouns():
            if noun.fill:
                noun.fill(tx, owner)


def put_files(db: Database, data: Path) -> None:
    """The files of all media, in the store of that folder."""
    store = Folder(data / "media")
    with db.read() as tx, store.workshop() as folder:
        for key in named(tx):
            (folder / "file").write_bytes(BYTES * 3_000)
            store.put({key: folder / "file"})


def every_row(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that a backup holds of a database, by table, in order of the key; not that it was restored."""
    with db.read() as tx:
        return {
            table.name: [tuple(row) for row in tx.rows(_ROWS[table].order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name not in NOT_COPIED
        }


def differences(db: Database) -> list[str]:
    """What does not add up in the shop."""
    with db.read() as tx:
        return [row for name in names() for row in compare(tx, name=name).differences]


def damaged(whole: bytes, path: Path) -> Iterator[Path]:
    """The file at `path` with each of many bytes changed, and cut at each of many places."""
    places = sorted({*range(60), *range(0, len(whole), 23), *range(len(whole) - 100, len(whole))})
    flipped = (whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :] for at in places for bit in (1, 128))
    cut = (whole[:at] for at in places)
    longer = (whole + b"\0", whole + whole, b"\0" + whole)
    for content in itertools.chain(flipped, cut, longer):
        path.write_bytes(content)
        yield path


def _order(tx: Transaction, owner: Viewer, *, sent: int = 0, cancelled: bool = False) -> None:
    order = make_order(tx, owner, ("mug", 2), ("talk", 1), note=AWKWARD)
    if cancelled:
        cancel(tx, order, actor=owner)
        return
    payment = pay(tx, order, 7, actor=owner, reference=AWKWARD)
    refund(tx, payment, 3, actor=owner, reason=AWKWARD)
    fulfil(tx, order, ("mug", sent), actor=owner, carrier="Ø")


def _family(tx: Transaction) -> None:
    """Categories whose parents come later in order of the key, and sooner."""
    ids = sorted(new_id("trm") for _ in range(4))
    for name, id, parent in (
        ("d", ids[3], None),
        ("b", ids[1], ids[3]),
        ("a", ids[0], ids[1]),
        ("c", ids[2], ids[0]),
    ):
        row = {"id": id, "shelf": "items", "kind": "category", "slug": name, "name": name, "name_key": name}
        tx.run(sa.insert(terms), **row, parent_id=parent)
