"""Guests order with an e-mail instead of an account, and an account may claim what they ordered."""

from __future__ import annotations

from api.accounts.limits.queries import lock_uses
from api.accounts.limits.records import Limit
from api.accounts.profiles import emails
from api.accounts.profiles.queries import find_account
from api.accounts.sessions.logins import EmailNotVerified
from api.accounts.throttle.rules import subject_of
from api.errors import Conflict
from api.events import rules as events
from api.roles import Viewer
from api.shop.guests import queries
from api.shop.orders import rules as orders
from api.shop.orders.placement import check_unpaid
from api.shop.orders.records import Order
from api.storage import Transaction
from api.times import later

OF_EMAIL = Limit("guest-orders", 3, 3_600)
OF_NETWORK = Limit("guest-orders-network", 10, 3_600)
MOST_CLAIMED = 100


class EmailRequired(Conflict):
    """Without an account, an order needs an e-mail."""

    code, title = "email-required", "E-mail required"
    remedy = "Send the order again with `email`, or log in with POST /v1/sessions."


def admit(tx: Transaction, *, email: str | None, network: str, limited: bool) -> Viewer:
    """A guest whose order is yet to be placed; EmailRequired.

    With `limited` TooMany, if too many unpaid orders have the e-mail or come from the network.
    """
    if email is None:
        raise EmailRequired.at("/email")
    if limited:
        _check_unpaid(tx, email_key=emails.key_of(email), network=network)
    return Viewer.guest(order_id=tx.new_id("ord"), email=email)


def note_network(tx: Transaction, order_id: str, *, network: str) -> None:
    """Store where the order comes from, for as long as it counts as unpaid."""
    queries.insert_network(tx, order_id=order_id, network=network)


def claim(tx: Transaction, *, viewer: Viewer) -> list[Order]:
    """Make orders of guests with the viewer's address the viewer's, MOST_CLAIMED at a time; EmailNotVerified.

    Never by itself: whoever signs up with an address has not shown that they read its mail.
    """
    account = find_account(tx, account_id=viewer.id, lock=True)
    if account is None or account.email is None or account.email_verified_at is None:
        raise EmailNotVerified("Your e-mail is not verified: confirm it by the link in a mail first.")
    ids = queries.lock_unclaimed(tx, email_key=emails.key_of(account.email), most=MOST_CLAIMED)
    found = [orders.find_any(tx, ref=order_id, lock=True) for order_id in ids]
    claimed = [
        orders.change(tx, order, actor=viewer, history=[("changed", None)], account_id=account.id)
        for order in found
    ]
    queries.delete_networks(tx, ids)
    events.adopt(tx, ids, account_id=account.id)
    return claimed[::-1]


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the networks of orders that are not unpaid any more, and return how many."""
    return queries.delete_settled_networks(tx, most=most)


def _check_unpaid(tx: Transaction, *, email_key: str, network: str) -> None:
    # Two orders at once are counted one after the other: by e-mail first, then by network.
    for limit, subject in ((OF_EMAIL, subject_of(email_key)), (OF_NETWORK, network)):
        lock_uses(tx, limit, subject=subject, until=later(tx.now, seconds=limit.seconds))
    hours = queries.list_unpaid_of_email(tx, email_key=email_key, most=OF_EMAIL.most)
    check_unpaid(tx, hours, most=OF_EMAIL.most, whose="This e-mail has")
    hours = queries.list_unpaid_of_network(tx, network=network, most=OF_NETWORK.most)
    check_unpaid(tx, hours, most=OF_NETWORK.most, whose="Guests in your network have")
