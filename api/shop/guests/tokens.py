"""The tokens of orders: each lets whoever has it touch one order for a year; only its hash is stored."""

from __future__ import annotations

import secrets

from api import times
from api.accounts.sessions.rules import digest
from api.roles import Viewer
from api.shop.guests import queries
from api.storage import Transaction

PREFIX = "kog_"
DAYS = 365
MOST_TOKENS = 20
"""Live tokens of one order in answers, and as many in mails; a further one ends the oldest of its kind."""


def issue(tx: Transaction, *, order_id: str, mail_id: str | None = None) -> str:
    """A fresh token of the order; one for a mail replaces that of an earlier attempt to send it."""
    token = PREFIX + secrets.token_urlsafe(32)
    queries.insert_token(
        tx,
        token_hash=digest(token),
        order_id=order_id,
        mail_id=mail_id,
        expires_at=times.later(tx.now, days=DAYS),
        most=MOST_TOKENS,
    )
    return tx.marked(token)


def issue_again(tx: Transaction, *, order_id: str) -> str | None:
    """One more token for whoever repeats the request that placed the order; None once they were ended."""
    return None if queries.has_revoked(tx, order_id=order_id) else issue(tx, order_id=order_id)


def resolve(tx: Transaction, *, token: str) -> Viewer | None:
    """The guest who sends that token, if it works, and the order's account, if any, is active."""
    order = queries.find_order_of(tx, token_hash=digest(token))
    return Viewer.guest(order_id=order.id, email=order.email) if order else None


def end(tx: Transaction, *, order_id: str) -> None:
    """End all tokens of the order; a mail to its address may still hold a new one."""
    queries.revoke_tokens(tx, order_id=order_id)


def forget(tx: Transaction, *, account_id: str) -> list[str]:
    """Delete the tokens of the orders of an erased account; the ids of those that had some."""
    return queries.delete_tokens_of(tx, account_id=account_id)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the tokens that have expired, and return how many."""
    return queries.delete_expired(tx, before=tx.now, most=most)
