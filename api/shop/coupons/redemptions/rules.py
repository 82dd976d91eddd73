"""Redemptions: an order uses each of its coupons once, and gives the use back once, whatever the load.

The counter of a coupon never passes its limit, since the condition and the change are one statement. The
coupon stays locked until the transaction ends, so that the uses of one customer are counted one after the
other. Coupons are locked after stock, in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.errors import Conflict
from api.shop.coupons.records import Coupon, Customer
from api.shop.coupons.redemptions import queries
from api.storage import Transaction


class CouponNotApplicable(Conflict):
    """A coupon does not apply to this order, as `reason` says."""

    code, title = "coupon-not-applicable", "Coupon not applicable"
    remedy = "Leave the coupon out; POST /v1/quotes shows which ones apply."


def redeem(tx: Transaction, coupons: Iterable[Coupon], *, order_id: str, customer: Customer) -> None:
    """Use each of these coupons for an order that is written in this transaction; CouponNotApplicable."""
    for coupon in sorted(coupons, key=lambda coupon: coupon.id):
        _use(tx, coupon.id, per_customer=coupon.per_customer, order_id=order_id, customer=customer)
        queries.insert_redemption(tx, coupon_id=coupon.id, order_id=order_id)


def release(tx: Transaction, order_ids: Sequence[str]) -> None:
    """Give back what these orders use, which are locked and end without having been sent; once."""
    for coupon_id, count in sorted(queries.update_released(tx, order_ids=order_ids).items()):
        queries.return_uses(tx, coupon_id=coupon_id, count=count)


def renew(tx: Transaction, *, order_id: str, customer: Customer) -> None:
    """Use again what an expired order had given back, now that it lives again; CouponNotApplicable."""
    for coupon_id, per_customer in sorted(queries.update_renewed(tx, order_id=order_id)):
        _use(tx, coupon_id, per_customer=per_customer, order_id=order_id, customer=customer)


def _use(
    tx: Transaction, coupon_id: str, *, per_customer: int | None, order_id: str, customer: Customer
) -> None:
    if not queries.add_use(tx, coupon_id=coupon_id):
        raise CouponNotApplicable("All uses of the coupon are taken.", reason="used-up")
    if per_customer is not None:
        uses = queries.list_uses(tx, customer, coupon_ids=[coupon_id], besides=order_id)
        if uses.get(coupon_id, 0) >= per_customer:
            raise CouponNotApplicable("You have used the coupon already.", reason="yours")
