"""The links of downloads: one is spent when it is made, so that nothing need be counted when it is read."""

from __future__ import annotations

import secrets

from api.accounts.mail_tokens.rules import LinkSpent
from api.accounts.sessions.rules import digest
from api.errors import Conflict, NotFound
from api.roles import Viewer
from api.shop.downloads import queries
from api.shop.downloads.files import Folder
from api.shop.downloads.records import Entitlement, Link
from api.shop.orders import rules as orders
from api.storage import Transaction
from api.times import later

PREFIX = "kof_"
"""Logs have no link of this kind."""
REMEMBERED_DAYS = 30
"""Days for which a link that has expired is known as such."""


class DownloadsUsedUp(Conflict):
    """All links of this download were handed out, and none of them works any more."""

    code, title = "downloads-used-up", "Downloads used up"
    remedy = "Ask the shop: it sees how often the file was asked for."


def link(tx: Transaction, *, ref: str, viewer: Viewer, hours: int) -> tuple[Link, bool]:
    """The link to a download that works now, or a new one for so many hours, which spends one of the limit.

    Also whether it is new. Raises NotFound, LinkSpent, DownloadsUsedUp.
    """
    known = queries.find_entitlement(tx, ref=ref)
    if known is None:
        raise NotFound
    orders.find(tx, ref=known.order_id, viewer=viewer)
    entitlement = queries.find_entitlement(tx, ref=ref, lock=True) or known
    if entitlement.is_over(tx.now):
        raise LinkSpent("The download was refunded, or has ended.")
    living = queries.find_living(tx, entitlement_id=entitlement.id)
    if living is not None:
        return living, False
    return _new(tx, entitlement, hours=hours), True


def find(tx: Transaction, *, token: str) -> Entitlement:
    """The download that a link leads to; NotFound, LinkSpent."""
    known = queries.find_by_token(tx, token_hash=digest(token))
    if known is None:
        raise NotFound
    entitlement, expires_at = known
    if expires_at <= tx.now or entitlement.is_over(tx.now):
        raise LinkSpent("The link has expired, or the download was refunded.")
    return entitlement


def compare(tx: Transaction, folder: Folder) -> tuple[int, list[str]]:
    """The number of files that buyers may download, and those that are not there, by path or as media."""
    paths, media = queries.list_paths(tx), queries.list_media(tx)
    absent = [path for path in paths if folder.length(path) is None]
    return len(paths) + len(media), [*absent, *(medium for medium, is_there in media if not is_there)]


def forget(tx: Transaction, *, account_id: str) -> None:
    """End all links to what an erased account has bought."""
    queries.end_links(tx, account_id=account_id)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the links that expired long ago, and return how many."""
    return queries.delete_expired(tx, before=later(tx.now, days=-REMEMBERED_DAYS), most=most)


def _new(tx: Transaction, entitlement: Entitlement, *, hours: int) -> Link:
    ends = [later(tx.now, hours=hours), *([entitlement.expires_at] if entitlement.expires_at else [])]
    made = Link(PREFIX + secrets.token_urlsafe(32), min(ends))
    if not queries.spend(tx, made, entitlement_id=entitlement.id, token_hash=digest(made.token)):
        raise DownloadsUsedUp(f"All {entitlement.limit} links of this download were used.")
    return made
