"""An account has few unpaid orders at a time, so that nobody takes the whole stock without paying."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.shop.orders.placement import MOST_UNPAID
from tests.factories import make_item
from tests.shop.bodies import eur
from tests.web.cached import Clock


@pytest.fixture
def clock(db):
    db.clock = Clock()
    with db.write() as tx:
        make_item(tx, sku="mug")
        make_item(tx, sku="gift", price=0)
    return db.clock


def order(client, sku="mug", **headers):
    body = {"lines": [{"sku": sku, "quantity": 1}]}
    return client.simulate_post("/v1/orders", json=body, headers=headers)


def test_one_more_unpaid_order_waits_until_the_first_expires(clock, client_as):
    buyer = client_as()
    order(buyer)
    clock.ahead(minutes=10)
    for number in range(1, MOST_UNPAID):
        last = order(buyer, **{"Idempotency-Key": str(number)})

    refused = order(buyer, sku="unknown")

    assert (refused.status_code, refused.json["code"]) == (429, "too-many-requests")
    assert refused.headers["Retry-After"] == "1200"
    assert order(buyer, **{"Idempotency-Key": str(MOST_UNPAID - 1)}).content == last.content
    assert order(client_as()).status_code == 201
    clock.ahead(minutes=20)
    assert [order(buyer).status_code for _ in range(2)] == [201, 429]


def test_what_is_paid_cancelled_or_free_does_not_count(clock, client_as):
    buyer, keeper = client_as(), client_as("shopkeeper")
    paths = [order(buyer).headers["Location"] for _ in range(MOST_UNPAID)]

    keeper.simulate_post(f"{paths[0]}/payments", json={"method": "cash", "amount": eur(1)})
    buyer.simulate_put(f"{paths[1]}/cancellation")

    answers = [order(buyer, sku).status_code for sku in ("gift", "mug", "gift", "mug", "mug")]
    assert answers == [201, 201, 201, 201, 429]


def test_orders_at_once_are_counted_one_after_the_other(clock, client_as):
    buyer = client_as()

    with ThreadPoolExecutor(8) as pool:
        answers = [answer.status_code for answer in pool.map(lambda _: order(buyer), range(8))]

    assert sorted(answers) == [201] * MOST_UNPAID + [429] * 3
