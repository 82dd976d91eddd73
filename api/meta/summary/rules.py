"""The summary in numbers, each for those who may see its list."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api import times
from api.meta.summary import queries
from api.roles import (
    ARTICLES_EDIT,
    ARTICLES_WRITE,
    COMMENTS_MODERATE,
    JOBS_WRITE,
    MAILS_READ,
    ORDERS_READ,
    STOCK_WRITE,
    WEBHOOKS_WRITE,
    Viewer,
)
from api.shop.refunds.tables import REFUND_DAYS
from api.storage import Transaction

PERMISSIONS = {
    "articles_draft": (ARTICLES_WRITE,),
    "articles_scheduled": (ARTICLES_WRITE,),
    "comments_pending": (COMMENTS_MODERATE, ARTICLES_WRITE),
    "orders_unpaid": (ORDERS_READ,),
    "orders_to_send": (ORDERS_READ,),
    "refunds_pending": (ORDERS_READ,),
    "refunds_failed": (ORDERS_READ,),
    "stock_low": (STOCK_WRITE,),
    "stock_out": (STOCK_WRITE,),
    "jobs_failed": (JOBS_WRITE,),
    "mails_failed": (MAILS_READ,),
    "webhooks_disabled": (WEBHOOKS_WRITE,),
}
"""Count → the permissions of which it needs one."""

_OF_ALL = {
    "articles_draft": ARTICLES_EDIT,
    "articles_scheduled": ARTICLES_EDIT,
    "comments_pending": COMMENTS_MODERATE,
}
"""Count → the permission without which it is only that of one's own articles."""

Count = Annotated[int | None, Meta(examples=[3])]


class Summary(Struct, frozen=True, kw_only=True):
    """The work that waits: null where the viewer lacks the permission, 1,000 for as many or more."""

    articles_draft: Count = None
    articles_scheduled: Count = None
    comments_pending: Count = None
    orders_unpaid: Count = None
    orders_to_send: Count = None
    refunds_pending: Count = None
    refunds_failed: Count = None
    stock_low: Count = None
    stock_out: Count = None
    jobs_failed: Count = None
    mails_failed: Count = None
    webhooks_disabled: Count = None


def summarise(tx: Transaction, *, viewer: Viewer) -> Summary:
    """The counts that the viewer may see; of articles and comments, those that they may see."""
    names = (name for name, needed in PERMISSIONS.items() if any(map(viewer.may, needed)))
    scoped = tuple(
        name if viewer.may(_OF_ALL.get(name, PERMISSIONS[name][0])) else f"own_{name}" for name in names
    )
    counts = queries.count(tx, scoped, viewer=viewer.id, since=times.later(tx.now, days=-REFUND_DAYS))
    return Summary(**{name.removeprefix("own_"): number for name, number in counts.items()})
