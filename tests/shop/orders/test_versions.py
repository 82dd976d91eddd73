"""The version of an order: it rises with each change of the order, and If-Match accepts it."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.shop.bodies import eur
from tests.web.cached import Clock


@pytest.fixture
def clock(db):
    db.clock = Clock()
    return db.clock


@pytest.fixture
def path(db, clock, client_as):
    """An unpaid order of two mugs, 20.00 together."""
    with db.write() as tx:
        make_item(tx, sku="mug", stock=5, price=1000)
    order = {"lines": [{"sku": "mug", "quantity": 2}]}
    return client_as().simulate_post("/v1/orders", json=order).headers["Location"]


def version(client, path):
    return client.simulate_get(path).json["version"]


def pay(client, path, amount):
    return client.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(amount)})


def cancel(client, path, **headers):
    return client.simulate_put(f"{path}/cancellation", json={}, headers=headers)


def test_the_version_rises_with_each_payment_and_fulfilment_and_not_with_what_is_refused(keeper, path):
    steps = [
        lambda: pay(keeper, path, 500),
        lambda: pay(keeper, path, 5000),
        lambda: keeper.simulate_post(f"{path}/fulfilments", json={}),
        lambda: pay(keeper, path, 1500),
        lambda: cancel(keeper, path),
    ]

    first = version(keeper, path)
    rises = []
    for step in steps:
        step()
        rises.append(version(keeper, path))

    assert (first, rises) == (1, [2, 2, 3, 4, 4])


def test_the_version_rises_with_a_cancellation_once(keeper, path):
    versions = [cancel(keeper, path).json["version"] for _ in range(2)]

    assert versions == [2, 2]


def test_the_version_rises_when_the_order_expires_and_again_when_it_is_paid(clock, client_as, path):
    clock.ahead(minutes=30)
    keeper = client_as("shopkeeper")
    before = version(keeper, path)
    client_as().simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]})
    written = version(keeper, path)
    pay(keeper, path, 2000)

    assert (before, written) == (2, 2)
    assert version(keeper, path) > written


def test_a_cancellation_of_the_present_version_passes_and_that_of_an_older_one_is_refused(keeper, path):
    pay(keeper, path, 500)

    answers = [cancel(keeper, path, **{"If-Match": f'"v{number}"'}).status_code for number in (1, 3, 2)]

    assert answers == [412, 412, 200]
