"""The SQL of downloads."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.media.tables import media, media_uses
from api.shop.downloads.records import LINKS_PER_UNIT, Entitlement, Link
from api.shop.downloads.tables import download_links, entitlements
from api.shop.orders.tables import order_lines, orders
from api.storage import Among, Keyset, Prepared, Row, Transaction, columns_of, row_of
from api.times import Instant

_INSERT = insert(entitlements).on_conflict_do_nothing()  # SQLite knows PostgreSQL's form


def insert_missing(tx: Transaction, rows: Sequence[Entitlement]) -> None:
    """Store those of these that are not stored yet: one for each file of a line."""
    columns = entitlements.c.keys()
    tx.run_many(_INSERT, [{name: row_of(row)[name] for name in columns} for row in rows])


_OF_LINE = (entitlements.c.order_id == sa.bindparam("order")) & (
    entitlements.c.position == sa.bindparam("line")
)
_GRANT = Prepared(
    sa.update(entitlements).where(_OF_LINE).values(limit=sa.bindparam("new_limit"), revoked_at=None)
)
_REVOKE = Prepared(
    sa.update(entitlements)
    .where(_OF_LINE, entitlements.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("now"))
)


def update_granted(tx: Transaction, *, order_id: str, position: int, limit: int) -> None:
    """Let the files of the line have so many links each."""
    tx.run(_GRANT, order=order_id, line=position, new_limit=limit)


def update_revoked(tx: Transaction, *, order_id: str, position: int) -> None:
    """Let the files of the line have no links any more."""
    tx.run(_REVOKE, order=order_id, line=position, now=tx.now)


_OF_OTHERS = {
    "sku": order_lines.c.sku,
    "media_type": media.c.type.label("media_type"),
    "filename": media.c.filename,
    "bytes": media.c.bytes,
    "sha256": media.c.sha256,
}
_SELECT = (
    sa.select(*columns_of(entitlements, Entitlement, **_OF_OTHERS))
    .join_from(
        entitlements,
        order_lines,
        (order_lines.c.order_id == entitlements.c.order_id)
        & (order_lines.c.position == entitlements.c.position),
    )
    .outerjoin(media, media.c.id == entitlements.c.media)
)
_BY_ID = _SELECT.where(entitlements.c.id == sa.bindparam("entitlement"))
_LOCK = _BY_ID.with_for_update(of=entitlements)


def find_entitlement(tx: Transaction, *, ref: str, lock: bool = False) -> Entitlement | None:
    """The download of that id."""
    row = tx.row(_LOCK if lock else _BY_ID, entitlement=ref)
    return Entitlement(**row._asdict()) if row else None


_PAGE = (
    _SELECT.where(
        entitlements.c.order_id == sa.bindparam("order"), entitlements.c.id < sa.bindparam("before")
    )
    .order_by(entitlements.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_entitlements(tx: Transaction, page: Keyset[str], *, order_id: str) -> list[Entitlement]:
    """A page of the order's downloads, newest first."""
    rows = tx.rows(_PAGE, order=order_id, before=page.position, most=page.most)
    return [Entitlement(**row._asdict()) for row in rows]


_LIVING = (
    sa.select(*columns_of(download_links, Link))
    .where(
        download_links.c.entitlement_id == sa.bindparam("entitlement"),
        download_links.c.expires_at > sa.bindparam("now"),
    )
    .order_by(download_links.c.expires_at.desc(), download_links.c.hash)
    .limit(1)
)


def find_living(tx: Transaction, *, entitlement_id: str) -> Link | None:
    """The link of the download that works now, if there is one."""
    row = tx.row(_LIVING, entitlement=entitlement_id, now=tx.now)
    return Link(*row) if row else None


_SPEND = (
    sa.update(entitlements)
    .where(entitlements.c.id == sa.bindparam("entitlement"), entitlements.c.used < entitlements.c.limit)
    .values(used=entitlements.c.used + 1)
)
_INSERT_LINK = sa.insert(download_links)


def spend(tx: Transaction, link: Link, *, entitlement_id: str, token_hash: bytes) -> bool:
    """Store a new link in place of one that is left; False if none is."""
    if tx.run(_SPEND, entitlement=entitlement_id) != 1:
        return False
    tx.run(_INSERT_LINK, **row_of(link, hash=token_hash, entitlement_id=entitlement_id))
    return True


_OF_TOKEN = Prepared(
    _SELECT.add_columns(download_links.c.expires_at.label("link_expires_at"))
    .join(download_links, download_links.c.entitlement_id == entitlements.c.id)
    .where(download_links.c.hash == sa.bindparam("token_hash"))
)


def find_by_token(tx: Transaction, *, token_hash: bytes) -> tuple[Entitlement, Instant] | None:
    """The download of a link, and when the link expires."""
    row = tx.row(_OF_TOKEN, token_hash=token_hash)
    if row is None:
        return None
    columns = row._asdict()
    ends = columns.pop("link_expires_at")
    return Entitlement(**columns), ends


_ALL_PATHS = (
    sa.select(entitlements.c.path)
    .where(entitlements.c.revoked_at.is_(None), entitlements.c.path.is_not(None))
    .distinct()
    .order_by("path")
)
_ALL_MEDIA = (
    sa.select(entitlements.c.media, media.c.id.is_not(None).label("is_there"))
    .join_from(entitlements, media, media.c.id == entitlements.c.media, isouter=True)
    .where(entitlements.c.revoked_at.is_(None), entitlements.c.media.is_not(None))
    .distinct()
    .order_by("media")
)


def list_paths(tx: Transaction) -> list[str]:
    """The paths of all files that somebody may download."""
    return [row.path for row in tx.rows(_ALL_PATHS)]


def list_media(tx: Transaction) -> list[tuple[str, bool]]:
    """All media that somebody may download, and whether each is there."""
    return [(row.media, bool(row.is_there)) for row in tx.rows(_ALL_MEDIA)]


_place = sa.func.row_number().over(partition_by=media_uses.c.media_id, order_by=orders.c.id.desc())
_NEEDING = (
    sa.select(media_uses.c.media_id, orders.c.id, orders.c.number, _place.label("place"))
    .join_from(media_uses, orders, orders.c.id == media_uses.c.thing_id)
    .where(Among(media_uses.c.media_id, "ids"))
    .subquery()
)
_NEWEST_NEEDING = (
    sa.select(_NEEDING.c.media_id, _NEEDING.c.id, _NEEDING.c.number)
    .where(_NEEDING.c.place <= sa.bindparam("most"))
    .order_by(_NEEDING.c.id.desc())
)


def list_needing(tx: Transaction, *, media_ids: Sequence[str], most: int) -> Sequence[Row]:
    """Medium, id and number of so many orders that need each of these media, the newest first."""
    return tx.rows(_NEWEST_NEEDING, ids=media_ids, most=most)


_OF_ACCOUNT = (
    sa.select(entitlements.c.id)
    .join_from(entitlements, orders, orders.c.id == entitlements.c.order_id)
    .where(orders.c.account_id == sa.bindparam("account"))
)
_END_LINKS = (
    sa.update(download_links)
    .where(
        download_links.c.entitlement_id.in_(_OF_ACCOUNT), download_links.c.expires_at > sa.bindparam("now")
    )
    .values(expires_at=sa.bindparam("now"))
)


def end_links(tx: Transaction, *, account_id: str) -> None:
    """Let all links to what the account has bought expire now."""
    tx.run(_END_LINKS, account=account_id, now=tx.now)


_EXPIRED = (
    sa.select(download_links.c.hash)
    .where(download_links.c.expires_at <= sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_DELETE_EXPIRED = sa.delete(download_links).where(download_links.c.hash.in_(sa.select(_EXPIRED.c.hash)))


def delete_expired(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many links that had expired by then, and return how many."""
    return tx.run(_DELETE_EXPIRED, before=before, most=most)


_DIFFERING = sa.func.count().over().label("differing")
_units = order_lines.c.quantity - order_lines.c.cancelled - order_lines.c.returned
_WRONG_LIMITS = (
    sa.select(orders.c.number, order_lines.c.sku, entitlements.c.limit, _units, _DIFFERING)
    .join_from(entitlements, order_lines)
    .join(orders, orders.c.id == order_lines.c.order_id)
    .where(
        entitlements.c.revoked_at.is_(None),
        (entitlements.c.limit != _units * sa.bindparam("per_unit"))
        | orders.c.order_status.not_in(("open", "completed"))
        | (orders.c.payment_status == "refunded"),
    )
    .order_by(orders.c.number, order_lines.c.position)
)
_ABSENT = (
    sa.select(orders.c.number, order_lines.c.sku, _DIFFERING)
    .join_from(order_lines, orders)
    .outerjoin(
        entitlements,
        (entitlements.c.order_id == order_lines.c.order_id)
        & (entitlements.c.position == order_lines.c.position),
    )
    .where(
        order_lines.c.downloads != "[]",
        _units > 0,
        orders.c.order_status.in_(("open", "completed")),
        orders.c.payment_status.in_(("paid", "partly_refunded")),
        entitlements.c.id.is_(None),
    )
    .order_by(orders.c.number, order_lines.c.position)
)


def list_wrong_limits(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of the order, sku, links that its buyer may have, units that the buyer has."""
    return tx.rows(_WRONG_LIMITS.limit(limit), per_unit=LINKS_PER_UNIT)


def list_absent(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Number of a paid order and sku of a line with downloads that its buyer does not have."""
    return tx.rows(_ABSENT.limit(limit))
