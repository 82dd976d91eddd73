"""The guest of an order may touch that order, and no other, whatever the rule."""

from __future__ import annotations

import pytest

from api.errors import NotFound
from api.roles import PERMISSIONS, Viewer
from api.shop.cancellations.records import CancellationDraft
from api.shop.cancellations.rules import cancel
from api.shop.orders import rules
from tests.factories import make_item, make_order, make_viewer


@pytest.fixture
def guest(db) -> Viewer:
    """One who has placed an order without an account."""
    with db.write() as tx:
        make_item(tx, sku="mug")
        guest = Viewer.guest(order_id=tx.new_id("ord"), email="ada@kiosque.test")
        make_order(tx, guest, ("mug", 1))
    return guest


def test_an_order_of_a_guest_has_no_account_and_is_its_guests(db, guest):
    with db.read() as tx:
        order = rules.find(tx, ref=guest.order_id, viewer=guest)

    assert (order.id, order.account_id, order.email) == (guest.order_id, None, "ada@kiosque.test")
    assert order.is_of(guest)


def test_nobody_sees_the_orders_of_others_for_want_of_an_account(db, guest):
    with db.write() as tx:
        buyer = make_viewer(tx, role="customer")
        orders = [
            make_order(tx, who, ("mug", 1))
            for who in (buyer, Viewer.guest(order_id="ord_b", email="b@b.test"))
        ]

    with db.read() as tx:
        for order in orders:
            with pytest.raises(NotFound):
                rules.find(tx, ref=order.id, viewer=guest)
        with pytest.raises(NotFound):
            rules.find(tx, ref=guest.order_id, viewer=buyer)


def test_a_guest_is_permitted_nothing(guest):
    assert [permission for permission in PERMISSIONS["owner"] if guest.may(permission)] == []
    assert not guest.sees_more


def test_what_a_guest_does_is_done_by_the_buyer_of_no_account(db, guest):
    with db.write() as tx:
        order = rules.find(tx, ref=guest.order_id, viewer=guest, lock=True)
        after = cancel(tx, order, CancellationDraft(), actor=guest)

    assert [event.kind for event in after.events] == ["placed", "cancelled"]
    assert {event.by_account for event in after.events} == {order.id}
