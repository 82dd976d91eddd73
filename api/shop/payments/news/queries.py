"""The SQL of the news of providers."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.payments.news.tables import provider_events
from api.shop.payments.tables import payments
from api.storage import Transaction
from api.times import Instant

_INSERT = sa.text(
    "INSERT INTO provider_events (provider, id, at) VALUES (:provider, :id, :at) ON CONFLICT DO NOTHING"
)


def insert_event(tx: Transaction, *, provider: str, event_id: str) -> bool:
    """Store that the event was taken; False if it was before."""
    return tx.run(_INSERT, provider=provider, id=event_id, at=tx.now) == 1


_IS_PAYMENT = sa.select(payments.c.id).where(
    payments.c.id == sa.bindparam("payment"), payments.c.provider == sa.bindparam("provider")
)


def is_payment(tx: Transaction, *, provider: str, payment_id: str) -> bool:
    """Whether there is such a payment by that provider."""
    return tx.row(_IS_PAYMENT, payment=payment_id, provider=provider) is not None


_OLD = (
    sa.select(provider_events.c.provider, provider_events.c.id)
    .where(provider_events.c.at < sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("old")
)
_DELETE_OLD = sa.delete(provider_events).where(
    sa.tuple_(provider_events.c.provider, provider_events.c.id).in_(sa.select(*_OLD.c))
)


def delete_old_events(tx: Transaction, *, before: Instant, most: int) -> int:
    """Remove at most `most` events that were taken before, and return how many."""
    return tx.run(_DELETE_OLD, before=before, most=most)
