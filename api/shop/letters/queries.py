"""The SQL of mails about orders."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.orders.tables import ASKS, orders
from api.storage import Prepared, Transaction

_ASKING = (
    sa.select(orders.c.id).where(ASKS, orders.c.asks_at <= sa.bindparam("now")).order_by(orders.c.asks_at)
)
_ANY_ASKING = Prepared(_ASKING.limit(sa.literal_column("1")))
# In a CTE: PostgreSQL may run a subquery after IN more than once, and then takes more than its limit.
_some = (
    _ASKING.limit(sa.bindparam("most")).with_for_update(key_share=True, skip_locked=True).cte("some_asking")
)
_TAKE = (
    sa.update(orders)
    .where(orders.c.id.in_(sa.select(_some.c.id)))
    .values(asks_at=None)
    .returning(orders.c.id)
)


def asks_now(tx: Transaction) -> bool:
    """Whether the buyer of an order is to be asked for the money now."""
    return tx.row(_ANY_ASKING, now=tx.now) is not None


def take_asking(tx: Transaction, *, most: int) -> list[str]:
    """The ids of at most so many of these orders, which ask no more and are locked."""
    return [row.id for row in tx.rows(_TAKE, now=tx.now, most=most)]


_SILENCE = sa.update(orders).where(orders.c.account_id == sa.bindparam("account"), ASKS).values(asks_at=None)


def update_silent(tx: Transaction, *, account_id: str) -> None:
    """Let no order of the account ask any more."""
    tx.run(_SILENCE, account=account_id)
