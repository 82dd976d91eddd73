"""The limits of coupons hold under any load, and every use comes back once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from api.shop.coupons import rules
from api.shop.coupons.records import Customer
from api.shop.coupons.redemptions.rules import CouponNotApplicable, redeem, release, renew
from api.shop.coupons.tables import coupon_redemptions
from api.shop.orders import queries as orders
from api.shop.orders.tables import orders as orders_table
from api.shop.reconcile import rules as reconcile
from api.shop.stock import holds
from tests.factories import make_item, make_order, make_viewer
from tests.nouns import Noun
from tests.shop.prices import make_coupon, quote

BUYERS, LIMIT = 8, 30


def _fill(tx, owner):
    order_id = tx.value(sa.select(orders_table.c.id))
    redeem(tx, [make_coupon(tx, "ONCE", usage_limit=1)], order_id=order_id, customer=Customer(owner.id))


NOUN = Noun(
    fill=_fill,
    breaking={
        "ck_coupons_kind": "UPDATE coupons SET kind = 'gift', percent = NULL",
        "ck_coupons_min_subtotal": "UPDATE coupons SET min_subtotal = -1",
        "ck_coupons_status": "UPDATE coupons SET status = 'lost'",
        "ck_coupons_used": "UPDATE coupons SET used = 2",
        "ck_coupons_value": "UPDATE coupons SET percent = 101",
    },
)


@pytest.fixture
def buyer(db):
    with db.write() as tx:
        make_item(tx, sku="mug", price=2_000)
        return make_viewer(tx)


def used(db, coupon):
    """The counter of the coupon, after holding it against the uses that are stored."""
    live = sa.select(sa.func.count()).where(
        coupon_redemptions.c.coupon_id == coupon.id, coupon_redemptions.c.released_at.is_(None)
    )
    with db.read() as tx:
        found = rules.find(tx, ref=coupon.id)
        assert found.used == tx.value(live)
    return found.used


def test_limits_hold_while_many_buy_and_cancel_at_once(db, buyer):
    with db.write() as tx:
        coupon = make_coupon(tx, usage_limit=LIMIT, per_customer=1)
        customers = [make_viewer(tx) for _ in range(40)]
    refused = set()

    def shop(number):
        chance = random.Random(number)
        for _ in range(15):
            customer = chance.choice(customers)
            try:
                with db.write() as tx:
                    order = make_order(tx, customer, ("mug", 1))
                    redeem(tx, [coupon], order_id=order.id, customer=Customer(customer.id))
            except CouponNotApplicable as no:
                refused.add(no.data["reason"])
                continue
            if chance.random() < 0.5:
                with ThreadPoolExecutor(2) as pool:
                    list(pool.map(lambda order_id: cancel(db, order_id), [order.id] * 2))

    with ThreadPoolExecutor(BUYERS) as pool:
        list(pool.map(shop, range(BUYERS)))

    per_customer = (
        sa.select(sa.func.count())
        .join_from(coupon_redemptions, orders_table, orders_table.c.id == coupon_redemptions.c.order_id)
        .where(coupon_redemptions.c.released_at.is_(None))
        .group_by(orders_table.c.account_id)
    )
    with db.read() as tx:
        assert {row[0] for row in tx.rows(per_customer)} == {1}
    assert 0 < used(db, coupon) <= LIMIT
    assert "yours" in refused


def cancel(db, order_id):
    with db.write() as tx:
        orders.find_order(tx, ref=order_id, lock=True)
        release(tx, [order_id])


def test_a_use_comes_back_once(db, buyer):
    with db.write() as tx:
        first, second = make_coupon(tx, usage_limit=1), make_coupon(tx)
        order = make_order(tx, buyer, ("mug", 1))
        redeem(tx, [second, first], order_id=order.id, customer=Customer(buyer.id))
    assert (used(db, first), used(db, second)) == (1, 1)

    with db.write() as tx:
        release(tx, [order.id])
        release(tx, [order.id])

    assert (used(db, first), used(db, second)) == (0, 0)


def test_an_order_that_is_undone_uses_nothing(db, buyer):
    with db.write() as tx:
        coupon = make_coupon(tx, per_customer=1)

    def twice():
        with db.write() as tx:
            for _ in range(2):
                order = make_order(tx, buyer, ("mug", 1))
                redeem(tx, [coupon], order_id=order.id, customer=Customer(buyer.id))

    with pytest.raises(CouponNotApplicable):
        twice()

    assert used(db, coupon) == 0


@pytest.fixture
def place(db, buyer, client_as):
    """Place an order that expires after half an hour, and let it use a coupon; its id."""
    client = client_as()

    def placed(coupon):
        order = client.simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]}).json
        with db.write() as tx:
            customer = Customer(order["buyer"]["account"])
            redeem(tx, [coupon], order_id=order["id"], customer=customer)
        return order["id"], customer

    return placed


def test_an_order_that_expires_returns_its_coupons(db, clock, place):
    with db.write() as tx:
        coupon = make_coupon(tx, usage_limit=1, per_customer=1)
    _, customer = place(coupon)

    clock.advance(minutes=31)

    with db.write() as tx:
        assert quote(tx, ("mug", 1), coupons=(coupon.code,), customer=customer).coupons
        holds.release_coupons(tx, [coupon.code.upper()])
    assert used(db, coupon) == 0


def test_uses_of_expired_orders_count_for_nothing_at_once(db, clock, place, client_as):
    with db.write() as tx:
        coupon = make_coupon(tx, usage_limit=2)
    place(coupon)
    clock.advance(minutes=31)
    keeper, path = client_as("shopkeeper"), f"/v1/coupons/{coupon.id}"
    place(coupon)

    shown = keeper.simulate_get(path).json["used"]
    listed = [each["used"] for each in keeper.simulate_get("/v1/coupons").json["data"]]
    lowered = keeper.simulate_patch(path, json={"usage_limit": 1})

    assert (shown, listed) == (1, [1])
    assert (lowered.status_code, lowered.json["used"], lowered.json["usage_limit"]) == (200, 1, 1)


def test_an_order_that_lives_again_uses_its_coupons_again_unless_they_are_used_up(db, clock, place):
    with db.write() as tx:
        coupon = make_coupon(tx, usage_limit=1)
    order_id, customer = place(coupon)
    clock.advance(minutes=31)
    holds.expire_overdue(db)

    with db.write() as tx:
        renew(tx, order_id=order_id, customer=customer)
    assert used(db, coupon) == 1

    with db.write() as tx:
        release(tx, [order_id])
    place(coupon)
    with pytest.raises(CouponNotApplicable), db.write() as tx:
        renew(tx, order_id=order_id, customer=customer)
    assert used(db, coupon) == 1


def test_a_counter_that_is_wrong_is_found(db, buyer):
    with db.write() as tx:
        make_coupon(tx, "right")
        coupon = make_coupon(tx, "wrong")
        tx.run(sa.text("UPDATE coupons SET used = 3 WHERE id = :id"), id=coupon.id)

    with db.read() as tx:
        found = reconcile.compare(tx, name="coupons")

    assert (found.differing, found.differences) == (1, ("coupon wrong: used 3 times, 0 orders have it",))
