"""The export of an account, page by page into a temporary file.

So memory does not grow with the number of orders, no transaction stays open while a slow client reads, and an
error between two pages is still an answer of its own, and no document that ends in the middle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

import msgspec
from msgspec import structs

from api.accounts.api_keys import queries as api_keys
from api.accounts.limits import queries as limits
from api.accounts.profiles import rules as profiles
from api.accounts.profiles.emails import key_of
from api.accounts.second_factors import queries as second_factors
from api.accounts.sessions import rules as sessions
from api.accounts.sessions.schemas import SessionView
from api.articles.comments import queries as comments
from api.articles.comments.rules import HOURLY
from api.articles.comments.schemas import CommentView
from api.articles.writing import queries as articles
from api.articles.writing.schemas import ArticleView
from api.audit import queries as audit
from api.audit.records import AuditEvent, Origin
from api.mail import queries as mails
from api.media import queries as media
from api.media.schemas import MediumView
from api.personal_data import queries
from api.personal_data.records import LimitUse
from api.personal_data.schemas import OrderExport
from api.roles import CUSTOMER, Viewer
from api.settings.public_site import PublicSite
from api.shop.downloads.queries import list_entitlements
from api.shop.downloads.schemas import DownloadExport
from api.shop.fulfilments.queries import list_fulfilments
from api.shop.orders.listing import list_orders
from api.shop.orders.records import Order
from api.shop.orders.schemas import OrderView
from api.shop.payments.queries import list_payments
from api.shop.payments.schemas import PaymentView
from api.shop.refunds.queries import list_refunds
from api.shop.refunds.schemas import RefundView
from api.storage import Database, Keyset, Transaction

AT_ONCE = 200
"""Rows that are read in one transaction."""
IN_MEMORY = 1_000_000
"""Bytes; a longer document is written to the disk."""

Row = TypeVar("Row")
Position = TypeVar("Position")

_encode = msgspec.json.Encoder().encode


def write(db: Database, *, viewer: Viewer, site: PublicSite) -> tuple[IO[bytes], str]:
    """The document in an unnamed file, read from its start, and the hash of its bytes."""
    file, digest = SpooledTemporaryFile(IN_MEMORY), hashlib.blake2b(digest_size=16)  # noqa: SIM115
    try:
        for chunk in _document(db, viewer, site):
            file.write(chunk)
            digest.update(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, digest.hexdigest()


def _document(db: Database, viewer: Viewer, site: PublicSite) -> Iterator[bytes]:
    with db.read() as tx:
        account = profiles.find(tx, ref=viewer.id)
    yield b'{"account":' + _encode(account)
    for name, rows in _lists(Walk(db), viewer, site):
        yield b',"%s":[' % name.encode()
        for number, row in enumerate(rows):
            yield (b"," if number else b"") + _encode(row)
        yield b"]"
    yield b"}"


def _lists(walk: Walk, viewer: Viewer, site: PublicSite) -> Iterator[tuple[str, Iterable[Any]]]:
    own = viewer.id
    live = walk.newest("ses", partial(sessions.list_live, account_id=own))
    yield "sessions", (SessionView.of(session, current_id=viewer.session_id) for session in live)
    yield "api_keys", walk.newest("key", partial(api_keys.list_keys, account_id=own))
    yield "second_factors", walk.newest("fac", partial(second_factors.list_factors, account_id=own))
    networks = partial(queries.list_networks, account_id=own)
    yield "login_networks", walk.all(networks, "", lambda row: row.network)
    yield (
        "failed_logins",
        walk.once(partial(queries.list_failed_logins, email_key=key_of(viewer.email), account_id=own)),
    )
    yield "limits", walk.once(lambda tx: _limits(tx, viewer))
    stored = partial(queries.list_answers, account_id=own)
    yield "stored_answers", walk.all(stored, ("", "", ""), lambda row: (row.method, row.path, row.key))
    ids = walk.all(partial(queries.list_article_ids, account_id=own), "art_~", lambda article_id: article_id)
    signed = chain.from_iterable(walk.once(partial(_article, article_id=article_id)) for article_id in ids)
    yield "articles", (ArticleView.to(viewer, article, site=site) for article in signed)
    written = walk.newest("cmt", partial(comments.list_newest, only="by", account_id=own))
    yield "comments", (CommentView.of(comment, viewer=viewer) for comment in written)
    own_media = walk.newest("med", partial(media.list_own, account_id=own))
    yield "media", (MediumView.of(medium, site) for medium in own_media)
    placed = walk.newest("ord", partial(list_orders, account_id=own))
    yield "orders", (_order(walk, order, viewer) for order in placed)
    yield "mails", walk.newest("mail", partial(mails.list_mails, account_id=own))
    happened = walk.newest("aud", partial(audit.list_audit_events, account=own))
    yield "audit_events", (_seen_by(viewer, event) for event in happened if event.subject == own)


def _seen_by(viewer: Viewer, event: AuditEvent) -> AuditEvent:
    if event.account_id == viewer.id:
        return event
    return structs.replace(event, **dict.fromkeys(Origin.__struct_fields__))


class Walk:
    """Ways through the rows of a database, each page in a transaction of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def once(self, fetch: Callable[[Transaction], Sequence[Row]]) -> Sequence[Row]:
        """What `fetch` finds in one transaction."""
        with self._db.read() as tx:
            return fetch(tx)

    def newest(
        self, prefix: str, fetch: Callable[[Transaction, Keyset[str]], Sequence[Row]]
    ) -> Iterator[Row]:
        """All rows of a list by id, newest first."""
        return self.all(fetch, f"{prefix}_~", lambda row: row.id)  # type: ignore[attr-defined]

    def all(
        self,
        fetch: Callable[[Transaction, Keyset[Position]], Sequence[Row]],
        position: Position,
        position_of: Callable[[Row], Position],
    ) -> Iterator[Row]:
        """All rows after `position`, in the order of the list."""
        while True:
            rows = self.once(lambda tx, at=position: fetch(tx, Keyset(at, AT_ONCE)))  # type: ignore[misc]
            yield from rows
            if len(rows) < AT_ONCE:
                return
            position = position_of(rows[-1])


def _limits(tx: Transaction, viewer: Viewer) -> list[LimitUse]:
    uses = limits.find_uses(tx, HOURLY, subject=viewer.id)
    return [LimitUse(HOURLY.kind, uses.used, uses.until)] if uses else []


def _article(tx: Transaction, *, article_id: str) -> list[Any]:
    article = articles.find_by_id(tx, article_id=article_id)
    return [article] if article else []


def _order(walk: Walk, order: Order, viewer: Viewer) -> OrderExport:
    # As any buyer sees it: which of the staff have worked on it is other people's data.
    view = OrderView.of(order, viewer=replace(viewer, role=CUSTOMER))
    is_sent = order.fulfilment_status != "none"
    return OrderExport(
        **msgspec.structs.asdict(view),
        payments=[
            PaymentView.of(payment)
            for payment in walk.newest("pay", partial(list_payments, order_id=order.id))
        ],
        refunds=[
            RefundView.of(refund) for refund in walk.newest("ref", partial(list_refunds, order_id=order.id))
        ]
        if order.refunded
        else [],
        fulfilments=list(walk.newest("ful", partial(list_fulfilments, order_id=order.id))) if is_sent else [],
        downloads=[
            DownloadExport.of(download)
            for download in walk.newest("ent", partial(list_entitlements, order_id=order.id))
        ]
        if any(line.downloads for line in order.lines)
        else [],
    )
