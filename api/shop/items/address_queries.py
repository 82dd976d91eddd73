"""The SQL of the slugs that lead to items."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.items.tables import item_slugs, items
from api.storage import Transaction
from api.times import Instant

_THERE = (item_slugs.c.slug == sa.bindparam("wanted")) & items.c.deleted_at.is_(None)
_LEADS_TO = sa.select(items.c.slug).join_from(item_slugs, items).where(_THERE)
_LEADS_ALL_TO = _LEADS_TO.where(items.c.status == "published")
# The item may not be stored yet: a slug is claimed first.
_OWNER = (
    sa.select(item_slugs.c.item_id, items.c.slug)
    .join_from(item_slugs, items, isouter=True)
    .where(item_slugs.c.slug == sa.bindparam("wanted"))
)
# Both databases know this form; a second claim of one slug waits here until the first transaction has ended.
_CLAIM = sa.text("INSERT INTO item_slugs (slug, item_id) VALUES (:wanted, :item) ON CONFLICT DO NOTHING")
_TAKE = (
    sa.update(item_slugs)
    .where(item_slugs.c.slug == sa.bindparam("wanted"), item_slugs.c.item_id == sa.bindparam("owner"))
    .values(item_id=sa.bindparam("item"))
)
_PUBLISHED = (
    sa.select(items.c.slug, items.c.updated_at)
    .where(items.c.status == "published", items.c.deleted_at.is_(None))
    .order_by(items.c.id.desc())
    .limit(sa.bindparam("most"))
)
_FREE = sa.delete(item_slugs).where(item_slugs.c.item_id == sa.bindparam("item"))


def find_moved(tx: Transaction, *, slug: str, hidden: bool) -> str | None:
    """The slug now of the item that `slug` leads to; with `hidden` also of one that is not published."""
    found: str | None = tx.value(_LEADS_TO if hidden else _LEADS_ALL_TO, wanted=slug)
    return found


def find_slug_owner(tx: Transaction, *, slug: str) -> tuple[str, bool] | None:
    """The id of the item that `slug` leads to, and whether it is an old one."""
    row = tx.row(_OWNER, wanted=slug)
    return (row[0], row[1] != slug) if row else None


def list_published(tx: Transaction, *, most: int) -> list[tuple[str, Instant]]:
    """Slug, and last change, of published items, the newest first."""
    return [(slug, updated_at) for slug, updated_at in tx.rows(_PUBLISHED, most=most)]


def insert_slug(tx: Transaction, *, slug: str, item_id: str) -> bool:
    """Let `slug` lead to the item; False when it leads somewhere already."""
    return tx.run(_CLAIM, wanted=slug, item=item_id) == 1


def take_slug(tx: Transaction, *, slug: str, owner: str, item_id: str) -> bool:
    """Let `slug` lead to the item instead of to its owner; False when it no longer was the owner's."""
    return tx.run(_TAKE, wanted=slug, owner=owner, item=item_id) == 1


def delete_slugs(tx: Transaction, *, item_id: str) -> None:
    """Let no slug lead to the item."""
    tx.run(_FREE, item=item_id)
