"""The search index of items, rebuilt from the items themselves, since backups leave it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.events import rules as events
from api.roles import Viewer
from api.shop.items import listing
from api.shop.items import rules as catalog
from api.storage import Transaction

AT_ONCE = 50


def index_all(tx: Transaction) -> Iterator[int]:
    """Index every item, a few of them in memory at a time; yields the number in each step."""
    last = 0
    while some := listing.list_from(tx, after=last, limit=AT_ONCE):
        for item in some:
            catalog.index(tx, item)
            last = item.number
        yield len(some)


def index_some(tx: Transaction, ids: Sequence[str]) -> None:
    """Index these items again."""
    for start in range(0, len(ids), AT_ONCE):
        for item in listing.list_each(tx, ids=ids[start : start + AT_ONCE]):
            catalog.index(tx, item)


def note_updated(tx: Transaction, ids: Sequence[str], actor: Viewer) -> None:
    """Note that these items have changed with something that they show, such as a tag."""
    for start in range(0, len(ids), AT_ONCE):
        items = listing.list_each(tx, ids=ids[start : start + AT_ONCE])
        events.note_each(tx, (("item.updated", item) for item in items), actor=actor)
