"""The events of items, stock, orders and payments."""

from __future__ import annotations

import pytest

from api.settings.shop import Tariff
from api.shop.items import queries as item_queries
from api.shop.items import rules as catalog
from api.shop.orders import placement
from api.shop.orders import rules as orders
from api.shop.orders.holding import Holding
from api.shop.orders.records import LineDraft, OrderDraft
from api.shop.stock import holds, tracking
from api.shop.stock import rules as stock
from api.shop.variants import rules as variants
from tests.events.reading import happened, last, types
from tests.factories import cancel, fulfil, make_item, make_order, make_viewer, pay


@pytest.fixture
def keeper(db, clock):
    with db.write() as tx:
        return make_viewer(tx, role="shopkeeper")


@pytest.fixture
def buyer(db, clock):
    with db.write() as tx:
        return make_viewer(tx, role="customer")


def place(tx, buyer, *lines, hold_minutes=30):
    draft = OrderDraft(lines=tuple(LineDraft(*line) for line in lines))
    holding = Holding(minutes=hold_minutes)
    return placement.place(tx, draft, buyer=buyer, tariff=Tariff(currency="EUR"), holding=holding)


def find(tx, sku, keeper):
    return variants.find(tx, ref=sku, viewer=keeper)


def test_the_life_of_an_item_is_noted_with_that_of_its_variants(db, keeper):
    with db.write() as tx:
        item = make_item(tx, sku="mug", stock=9)
    with db.write() as tx:
        catalog.patch(tx, item, {"name": "Cup"}, currency="EUR", actor=keeper)
        variants.change(tx, find(tx, "mug", keeper), {"price": {"amount": 7}}, currency="EUR", actor=keeper)
        catalog.withdraw(tx, item_queries.find_item(tx, ref=item.id, hidden=True))
        catalog.withdraw(tx, item_queries.find_item(tx, ref=item.id, hidden=True))
        catalog.delete(tx, item, actor=keeper)

    events = happened(db, subject=item.id)
    assert [event.type for event in events] == ["item.created", *["item.updated"] * 3, "item.deleted"]
    assert [event.actor for event in events] == ["system", "staff", "staff", "system", "staff"]
    assert events[2].data["variants"][0]["price"]["amount"] == 7


def test_an_order_is_placed_by_its_buyer_together_with_the_movements_of_its_stock(db, buyer):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9)
        make_item(tx, sku="cup", name="Cup", stock=9)
    before = last(db)
    with db.write() as tx:
        order = place(tx, buyer, ("mug", 1), ("cup", 2))

    events = happened(db, after=before)
    assert [(event.type, event.actor) for event in events] == [
        ("order.placed", "buyer"),
        ("stock.moved", "buyer"),
        ("stock.moved", "buyer"),
    ]
    assert events[0].subject.id == order.id
    left = {event.data["sku"]: event.data["stock"]["available"] for event in events[1:]}
    assert left == {"mug": 8, "cup": 7}


def test_an_order_that_costs_nothing_is_placed_and_paid(db, buyer):
    with db.write() as tx:
        make_item(tx, sku="gift", price=0)
        order = place(tx, buyer, ("gift", 1))

    assert types(db, subject=order.id) == ["order.placed", "order.paid"]


def test_stock_is_low_once_and_out_once(db, keeper):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=7)
    before = last(db)
    for delta in (-1, -1, -1, -4, 1, 9):
        with db.write() as tx:
            stock.move(tx, find(tx, "mug", keeper), delta=delta, reason="adjust", note=None, actor=keeper)

    noted = types(db, after=before)
    assert noted == [
        "stock.moved",  # 6
        "stock.moved",
        "stock.low",  # 5
        "stock.moved",  # 4
        "stock.moved",
        "stock.out",  # 0
        "stock.moved",  # 1
        "stock.moved",  # 10
    ]


def test_stock_that_is_counted_from_now_on_or_no_more_has_moved(db, keeper):
    with db.write() as tx:
        make_item(tx, sku="mug")
    before = last(db)
    with db.write() as tx:
        tracking.begin(tx, tracking.find(tx, ref="mug", viewer=keeper), available=3, actor=keeper)
        tracking.end(tx, tracking.find(tx, ref="mug", viewer=keeper), actor=keeper)

    moved = happened(db, after=before)
    assert [event.type for event in moved] == ["stock.moved", "stock.moved"]
    assert [event.data["stock"] for event in moved] == [
        {"tracked": True, "available": 3},
        {"tracked": False, "available": None},
    ]


def test_payments_and_fulfilments_are_noted_with_what_they_make_of_the_order(db, keeper, buyer):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9, price=100)
        order = make_order(tx, buyer, ("mug", 2))
    before = last(db)
    for step in (
        lambda tx, order: pay(tx, order, 50, actor=keeper),
        lambda tx, order: pay(tx, order, 150, actor=keeper),
        lambda tx, order: fulfil(tx, order, ("mug", 1), actor=keeper),
        lambda tx, order: fulfil(tx, order, actor=keeper),
    ):
        with db.write() as tx:
            step(tx, orders.find(tx, ref=order.id, viewer=keeper, lock=True))

    events = happened(db, after=before)
    assert [event.type for event in events] == [
        "payment.captured",
        "order.partly_paid",
        "payment.captured",
        "order.paid",
        "order.partly_fulfilled",
        "order.fulfilled",
        "order.completed",
    ]
    assert {event.actor for event in events} == {"staff"}
    assert events[-1].data["order_status"] == "completed"


def test_a_cancellation_is_noted_once_with_the_stock_that_it_returns(db, buyer):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9)
        order = place(tx, buyer, ("mug", 2))
    before = last(db)
    with db.write() as tx:
        cancelled = cancel(tx, order, actor=buyer)
        cancel(tx, cancelled, actor=buyer)

    events = happened(db, after=before)
    assert {event.type for event in events} == {"stock.moved", "order.cancelled"}
    assert len(events) == 2
    assert [event.data["stock"]["available"] for event in events if event.type == "stock.moved"] == [9]


def test_an_order_expires_soon_after_its_hour_once(db, buyer, clock):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9)
        order = place(tx, buyer, ("mug", 2))
    before = last(db)
    assert holds.expire_overdue(db) is False
    clock.advance(minutes=30)
    holds.expire_overdue(db)
    holds.expire_overdue(db)

    expired, moved = happened(db, after=before)
    assert (expired.type, expired.subject.id, expired.actor) == ("order.expired", order.id, "system")
    assert (moved.type, moved.data["stock"]["available"]) == ("stock.moved", 9)


def test_an_order_that_is_overdue_expires_before_its_stock_is_sold_again(db, buyer, clock):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=2)
        place(tx, buyer, ("mug", 2))
    clock.advance(minutes=30)
    before = last(db)
    with db.write() as tx:
        place(tx, buyer, ("mug", 2))

    assert types(db, after=before) == [
        "order.expired",
        "stock.moved",
        "order.placed",
        "stock.moved",
        "stock.out",
    ]


def test_overdue_orders_are_written_down_some_at_a_time(db, buyer, clock, monkeypatch):
    monkeypatch.setattr(holds, "EXPIRED_AT_ONCE", 2)
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9)
        for _ in range(3):
            place(tx, buyer, ("mug", 1))
    clock.advance(minutes=30)

    assert [holds.expire_overdue(db), holds.expire_overdue(db)] == [True, False]
    assert types(db).count("order.expired") == 3
