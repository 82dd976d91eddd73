"""Figures that are stored twice and differ are reported."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.ids import new_id
from api.shop.reconcile import rules as reconcile
from tests.factories import cancel, fulfil, make_item, make_order, make_viewer, pay


@pytest.fixture
def shop(db):
    """Order 1 is cancelled; order 2 (of 2 mugs at 1000) partly paid and sent, order 3 complete."""
    with db.write() as tx:
        keeper = make_viewer(tx, role="shopkeeper")
        make_item(tx, sku="mug", stock=20)
        make_item(tx, sku="talk", price=50)

        cancel(tx, make_order(tx, keeper, ("mug", 5), ("talk", 1)), actor=keeper)
        part = make_order(tx, keeper, ("mug", 2))
        whole = make_order(tx, keeper, ("mug", 1), ("talk", 3))
        pay(tx, part, 700, actor=keeper)
        fulfil(tx, part, ("mug", 1), actor=keeper)
        pay(tx, whole, 1150, actor=keeper)
        fulfil(tx, whole, actor=keeper)
    return db


def differences(db):
    with db.read() as tx:
        return {name: reconcile.compare(tx, name=name).differences for name in reconcile.names()}


def test_a_shop_in_order_has_no_differences(shop):
    assert differences(shop) == dict.fromkeys(reconcile.names(), ())


ORDER_2 = "(SELECT id FROM orders WHERE number = 2)"


@pytest.mark.parametrize(
    ("broken", "kind", "said"),
    [
        (
            "UPDATE variants SET available = available + 1 WHERE sku = 'mug'",
            "ledger",
            "mug: 18 available, its movements sum to 17",
        ),
        (
            f"UPDATE order_lines SET quantity = 3, total = 3000 WHERE order_id = {ORDER_2}",
            "ledger",
            "order 2: mug changed by -2 in the ledger, not by -3",
        ),
        (
            f"UPDATE order_lines SET cancelled = 1 WHERE order_id = {ORDER_2}",
            "ledger",
            "order 2: mug changed by -2 in the ledger, not by -1",
        ),
        (
            "UPDATE orders SET total = 2001, subtotal = 2001 WHERE number = 2",
            "orders",
            "order 2: subtotal 2001, its lines sum to 2000",
        ),
        (
            f"UPDATE order_lines SET unit_price = 999, total = 1998 WHERE order_id = {ORDER_2}",
            "orders",
            "order 2: subtotal 2000, its lines sum to 1998",
        ),
        (
            "DELETE FROM order_lines WHERE order_id = (SELECT id FROM orders WHERE number = 1)",
            "orders",
            "order 1: subtotal 5050, its lines sum to 0",
        ),
        (
            f"UPDATE payments SET captured = 701, amount = 701 WHERE order_id = {ORDER_2}",
            "payments",
            "order 2: 700 paid (partly_paid), its payments sum to 701",
        ),
        (
            f"UPDATE payments SET currency = 'USD' WHERE order_id = {ORDER_2}",
            "payments",
            "order 2: 700 paid (partly_paid), its payments sum to 0",
        ),
        (
            "UPDATE orders SET paid = 1 WHERE number = 2",
            "payments",
            "order 2: 1 paid (partly_paid), its payments sum to 700",
        ),
        (
            "UPDATE orders SET paid = 0, payment_status = 'unpaid' WHERE number = 2",
            "payments",
            "order 2: 0 paid (unpaid), its payments sum to 700",
        ),
        (
            f"UPDATE order_lines SET fulfilled = 2 WHERE order_id = {ORDER_2}",
            "sent",
            "order 2: 2 of mug fulfilled, its fulfilments sum to 1",
        ),
        (
            f"DELETE FROM fulfilment_lines WHERE order_id = {ORDER_2}",
            "sent",
            "order 2: 1 of mug fulfilled, its fulfilments sum to 0",
        ),
        (
            "UPDATE fulfilments SET order_id = (SELECT id FROM orders WHERE number = 3)",
            "sent",
            "order 2: 1 of mug fulfilled, its fulfilments sum to 0",
        ),
        (
            "UPDATE orders SET fulfilment_status = 'none' WHERE number = 2",
            "sent",
            "order 2: fulfilment none, its lines say partial",
        ),
    ],
)
def test_each_sum_that_is_broken_is_named(shop, broken, kind, said):
    with shop.write() as tx:
        assert tx.run(sa.text(broken))

    assert said in differences(shop)[kind]


LONG_AGO = "2020-01-01T00:00:00.000Z"


def test_a_hold_that_nobody_ended_is_named_after_a_day(shop):
    with shop.write() as tx:
        make_order(tx, make_viewer(tx), ("mug", 1))
        tx.run(sa.text("UPDATE orders SET expires_at = :now WHERE number = 4"), now=tx.now)
    recent = differences(shop)["holds"]
    with shop.write() as tx:
        tx.run(sa.text("UPDATE orders SET expires_at = :then WHERE number = 4"), then=LONG_AGO)

    assert recent == ()
    assert differences(shop)["holds"] == (f"order 4: it is open, and was to expire at {LONG_AGO}",)


def test_a_payment_that_is_open_though_its_order_is_over_is_named(shop):
    with shop.write() as tx:
        tx.run(
            sa.text(
                "INSERT INTO payments (id, order_id, provider, state, currency, amount, captured, refunded,"
                " ends_at, created_at) SELECT 'pay_1', id, 'test', 'open', 'EUR', 5050, 0, 0, :then, :then"
                " FROM orders WHERE number = 1"
            ),
            then=LONG_AGO,
        )

    assert differences(shop)["holds"] == (
        f"order 1: pay_1 is open, and ended at {LONG_AGO}; the order is cancelled",
    )


def test_an_order_that_took_more_than_it_holds_is_named(shop):
    with shop.write() as tx:
        took = (
            "INSERT INTO stock_movements (id, variant_id, delta, reason, order_id, created_at)"
            f" SELECT :id, id, -4, 'order', {ORDER_2}, :now FROM variants WHERE sku = :sku"
        )
        tx.run(sa.text(took), id=new_id("mov"), now=tx.now, sku="mug")
        tx.run(sa.text(took), id=new_id("mov"), now=tx.now, sku="talk")

    assert differences(shop)["ledger"] == (
        "mug: 17 available, its movements sum to 13",
        "talk: 0 available, its movements sum to -4",
        "order 2: mug changed by -6 in the ledger, not by -2",
        "order 2: talk changed by -4 in the ledger, not by 0",
    )


def test_many_differences_are_counted_and_some_are_shown(db):
    with db.write() as tx:
        for number in range(25):
            make_item(tx, sku=f"mug-{number:02}", stock=3)
        tx.run(sa.text("UPDATE variants SET available = 4"))

    with db.read() as tx:
        compared = reconcile.compare(tx, name="ledger")

    assert (compared.differing, len(compared.differences)) == (25, reconcile.MOST_SHOWN)
    assert compared.differences[0] == "mug-00: 4 available, its movements sum to 3"
