"""The SQL of redemptions, and of the counter of each coupon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from api.accounts.profiles.emails import key_of
from api.shop.coupons.records import Customer
from api.shop.coupons.tables import coupon_redemptions, coupons
from api.shop.orders.queries import DUE
from api.shop.orders.tables import orders
from api.storage import Among, Prepared, Row, Transaction

_LIVE = coupon_redemptions.c.released_at.is_(None)

_USE = Prepared(
    sa.update(coupons)
    .where(
        coupons.c.id == sa.bindparam("coupon"),
        sa.or_(coupons.c.usage_limit.is_(None), coupons.c.used < coupons.c.usage_limit),
    )
    .values(used=coupons.c.used + 1)
    .returning(coupons.c.id)
)


def add_use(tx: Transaction, *, coupon_id: str) -> bool:
    """Count one use more, and lock the coupon; False if all are taken, or the coupon is gone."""
    return tx.row(_USE, coupon=coupon_id) is not None


_UNUSE = (
    sa.update(coupons)
    .where(coupons.c.id == sa.bindparam("coupon"))
    .values(used=coupons.c.used - sa.bindparam("returned"))
)


def return_uses(tx: Transaction, *, coupon_id: str, count: int) -> None:
    """Count so many uses less."""
    tx.run(_UNUSE, coupon=coupon_id, returned=count)


_INSERT = Prepared(sa.insert(coupon_redemptions), *coupon_redemptions.c.keys())


def insert_redemption(tx: Transaction, *, coupon_id: str, order_id: str) -> None:
    """Store that the order uses the coupon."""
    tx.run(_INSERT, coupon_id=coupon_id, order_id=order_id, released_at=None)


_OF_ORDERS = Among(coupon_redemptions.c.order_id, "orders")
_RELEASE = (
    sa.update(coupon_redemptions)
    .where(_OF_ORDERS, _LIVE)
    .values(released_at=sa.bindparam("now"))
    .returning(coupon_redemptions.c.coupon_id)
)
_RENEW = (
    sa.update(coupon_redemptions)
    .where(_OF_ORDERS, ~_LIVE)
    .values(released_at=None)
    .returning(coupon_redemptions.c.coupon_id)
)


def update_released(tx: Transaction, *, order_ids: Sequence[str]) -> Counter[str]:
    """Release what these orders use; how many uses of each coupon that were not released before."""
    return Counter(row.coupon_id for row in tx.rows(_RELEASE, orders=list(order_ids), now=tx.now))


_LIMITS = sa.select(coupons.c.id, coupons.c.per_customer).where(Among(coupons.c.id, "ids"))


def update_renewed(tx: Transaction, *, order_id: str) -> list[tuple[str, int | None]]:
    """Undo the release of what this order uses; each coupon, and how often a customer may use it."""
    ids = [row.coupon_id for row in tx.rows(_RENEW, orders=[order_id])]
    return [(row.id, row.per_customer) for row in tx.rows(_LIMITS, ids=ids)] if ids else []


_COUPONS = Among(coupon_redemptions.c.coupon_id, "coupons")
_USES = (
    sa.select(coupon_redemptions.c.coupon_id, sa.func.count())
    .join_from(orders, coupon_redemptions, coupon_redemptions.c.order_id == orders.c.id)
    .where(_COUPONS, _LIVE)
    .group_by(coupon_redemptions.c.coupon_id)
)
_OVERDUE = Prepared(_USES.where(DUE))


def list_overdue(tx: Transaction, *, coupon_ids: Collection[str]) -> dict[str, int]:
    """Coupon → uses that expired orders have not returned to the counter yet."""
    return _counts(tx.rows(_OVERDUE, coupons=list(coupon_ids), now=tx.now))


_NOT_DUE = _USES.where(
    sa.or_(
        orders.c.order_status != "open",
        orders.c.expires_at.is_(None),
        orders.c.expires_at > sa.bindparam("now"),
    ),
    orders.c.id != sa.bindparam("besides"),
)
_OF_ACCOUNT = Prepared(_NOT_DUE.where(orders.c.account_id == sa.bindparam("account")))
_OF_GUEST = Prepared(
    _NOT_DUE.where(orders.c.account_id.is_(None), orders.c.email_key == sa.bindparam("email"))
)


def list_uses(
    tx: Transaction, customer: Customer, *, coupon_ids: Collection[str], besides: str = ""
) -> dict[str, int]:
    """Coupon → orders of the customer that use it, not counting one of them."""
    values = {"coupons": list(coupon_ids), "now": tx.now, "besides": besides}
    if customer.account_id is not None:
        rows = tx.rows(_OF_ACCOUNT, **values, account=customer.account_id)
    elif customer.email is not None:
        rows = tx.rows(_OF_GUEST, **values, email=key_of(customer.email))
    else:
        return {}
    return _counts(rows)


_LOCK_DUE = (
    sa.select(orders.c.id)
    .where(DUE, orders.c.id.in_(sa.select(coupon_redemptions.c.order_id).where(_COUPONS, _LIVE)))
    .order_by(orders.c.id)
    .with_for_update(key_share=True)
)


def lock_due(tx: Transaction, *, coupon_ids: Collection[str]) -> list[str]:
    """Lock the orders that are due and still use these coupons; their ids."""
    return [row.id for row in tx.rows(_LOCK_DUE, coupons=list(coupon_ids), now=tx.now)]


_live = (
    sa.select(coupon_redemptions.c.coupon_id, sa.func.count().label("live"))
    .where(_LIVE)
    .group_by(coupon_redemptions.c.coupon_id)
    .subquery()
)
_orders = sa.func.coalesce(_live.c.live, 0)
_WRONG = (
    sa.select(coupons.c.code, coupons.c.used, _orders, sa.func.count().over().label("differing"))
    .outerjoin_from(coupons, _live, _live.c.coupon_id == coupons.c.id)
    .where(coupons.c.used != _orders)
    .order_by(coupons.c.code_key)
)


def list_wrong_counters(tx: Transaction, *, limit: int) -> Sequence[Row]:
    """Code, used, orders that use it, and the number of coupons that differ."""
    return tx.rows(_WRONG.limit(limit))


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}
