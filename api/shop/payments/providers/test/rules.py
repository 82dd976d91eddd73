"""Test payments from the buyer's side: a choice ends one, and the shop hears of it as of any event."""

from __future__ import annotations

from api.errors import NotFound
from api.shop.payments.news import rules as news
from api.shop.payments.port import Hint
from api.shop.payments.providers.test import queries
from api.shop.payments.providers.test.outcomes import as_of, decided
from api.shop.payments.providers.test.records import Outcome, TestPayment
from api.storage import Transaction


def find(tx: Transaction, *, ref: str, lock: bool = False) -> TestPayment:
    """The payment as it is now, or NotFound."""
    payment = queries.find_payment(tx, payment_id=ref, lock=lock)
    if payment is None:
        raise NotFound
    return as_of(payment, tx.now)


def choose(tx: Transaction, *, ref: str, outcome: Outcome) -> TestPayment:
    """Let a payment end as its buyer chooses, and give the shop the news: at once, and when it settles.

    Raises NotFound, InvalidState.
    """
    before = find(tx, ref=ref, lock=True)
    after = decided(before, outcome, tx.now)
    if after != before:
        queries.update_payment(tx, after)
        news.receive(tx, Hint(tx.new_id("tev"), after.id), provider="test")
        if after.state == "processing":
            settled = Hint(tx.new_id("tev"), after.id)
            news.receive(tx, settled, provider="test", due_at=after.settles_at)
    return after
