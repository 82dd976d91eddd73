"""The mails that follow from what happens to an order: one for each thing, left in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable

from api import times
from api.mail import rules as mail
from api.mail.records import MailKind
from api.shop.letters import queries
from api.shop.orders import queries as orders
from api.shop.orders.records import Order
from api.storage import Database, Transaction
from api.times import Instant

PATIENCE = 180
"""Seconds in which a transfer may be chosen and paid before its buyer is asked for the money."""
ASKED_AT_ONCE = 50


def note_placed(tx: Transaction, order: Order) -> None:
    """Have the buyer of a new order that is free, and so paid already, sent a receipt."""
    if not order.due:
        _post(tx, "receipt", order)


def asks_at(order: Order, *, now: Instant) -> Instant | None:
    """When the buyer of a new order is asked for the money by mail; None: never, as for one that is free."""
    return times.later(now, seconds=PATIENCE) if order.due and order.language is not None else None


def ask(db: Database) -> bool:
    """Ask the buyers of some orders for the money, unless it has come meanwhile; whether there may be more.

    So no mail is written and thrown away for an order that is paid at once.
    """
    with db.read() as tx:
        if not queries.asks_now(tx):
            return False
    with db.write() as tx:
        order_ids = queries.take_asking(tx, most=ASKED_AT_ONCE)
        for order in orders.list_by_id(tx, ids=order_ids):
            if order.order_status == "open" and order.due:
                _post(tx, "payment-waits", order)
    return len(order_ids) == ASKED_AT_ONCE


def forget(tx: Transaction, *, account_id: str) -> None:
    """Ask nothing more about the orders of an erased account."""
    queries.update_silent(tx, account_id=account_id)


def note_transfer(tx: Transaction, order: Order) -> None:
    """Have the buyer, who has chosen to pay by hand, asked for the money, unless it comes in the meantime."""
    _post(tx, "payment-waits", order, due_at=times.later(tx.now, seconds=PATIENCE))


def note_change(tx: Transaction, before: Order, after: Order) -> None:
    """Have the receipt of an order sent that is paid now, and a mail about each cancellation."""
    if before.due and not after.due and after.order_status in ("open", "completed"):
        _post(tx, "receipt", after)
    for index in range(len(before.events), len(after.events)):
        if after.events[index].kind in ("cancelled", "partly_cancelled"):
            _post(tx, "cancelled", after, event=str(index))


def note_expired(tx: Transaction, expired: Iterable[Order]) -> None:
    """Have a mail sent about each of these orders, which have expired."""
    for order in expired:
        _post(tx, "expired", order)


def note_sent(tx: Transaction, order: Order, *, fulfilment_id: str) -> None:
    """Have a mail sent about a fulfilment of the order."""
    _post(tx, "shipped", order, fulfilment=fulfilment_id)


def note_downloads(tx: Transaction, order: Order) -> None:
    """Have a mail sent about the files of the order, which can be downloaded now; one however often."""
    _post(tx, "download-ready", order)


def note_refunded(tx: Transaction, order: Order, *, refund_id: str) -> None:
    """Have a mail sent about money of the order that goes back."""
    _post(tx, "refunded", order, refund=refund_id)


def _post(
    tx: Transaction, kind: MailKind, order: Order, *, due_at: Instant | None = None, **facts: str
) -> None:
    if order.language is None or (kind != "payment-waits" and _is_strange(tx, order)):
        return
    mail.post(
        tx,
        kind,
        to=order.email,
        language=order.language,
        facts={"order": order.id, **facts},
        account_id=order.account_id,
        due_at=due_at,
        about=order.id,
    )


def _is_strange(tx: Transaction, order: Order) -> bool:
    """Whether anybody may have named that address: a guest who has neither paid nor was asked to by mail."""
    return (
        order.account_id is None
        and not order.paid
        and not mail.has_gone_out(tx, "payment-waits", about=order.id)
    )
