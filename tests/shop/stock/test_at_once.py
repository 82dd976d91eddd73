"""Several shopkeepers at once: every rule that compares and then writes holds between them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories import make_item
from tests.shop.bodies import eur

AT_ONCE = 6


@pytest.fixture
def keepers(client_as):
    return [client_as("shopkeeper") for _ in range(AT_ONCE)]


def together(act):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, range(AT_ONCE)))


def add(keeper, sku, **fields):
    variants = [{"sku": sku, "price": eur(1)}]
    return keeper.simulate_post("/v1/items", json={"name": "Tea", "variants": variants, **fields})


def test_items_of_one_name_all_find_a_slug(keepers):
    answers = together(lambda n: add(keepers[n], f"tea-{n}", tags=["hot"], categories=["Drinks"]))

    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.json["slug"] for answer in answers}) == AT_ONCE


@pytest.mark.parametrize("same", ["sku", "slug"])
def test_one_sku_and_one_slug_have_one_item(keepers, same):
    def race(n):
        return add(keepers[n], "tea" if same == "sku" else f"tea-{n}", slug="tea" if same == "slug" else None)

    answers = together(race)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)
    assert {answer.json.get("code") for answer in answers} == {None, f"{same}-taken"}


def test_payments_and_fulfilments_stop_at_what_was_ordered(db, keepers, left):
    with db.write() as tx:
        item = make_item(tx, sku="mug", stock=50, price=100)
    ordered = {"lines": [{"sku": "mug", "quantity": 10}]}
    path = keepers[0].simulate_post("/v1/orders", json=ordered).headers["Location"]

    def work(n):
        keeper = keepers[n]
        return [
            answer.status_code
            for price in range(4)
            for answer in (
                keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(100)}),
                keeper.simulate_post(f"{path}/fulfilments", json={"lines": [{"sku": "mug", "quantity": 1}]}),
                keeper.simulate_patch(
                    f"/v1/items/{item.id}", json={"variants": [{"sku": "mug", "price": eur(price)}]}
                ),
                keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]}),
            )
        ]

    statuses = {status for row in together(work) for status in row}

    assert statuses == {200, 201, 409}
    order = keepers[0].simulate_get(path).json
    assert (order["order_status"], order["paid"]) == ("completed", eur(1000))
    sent = keepers[0].simulate_get(f"{path}/fulfilments").json["data"]
    assert sum(line["quantity"] for fulfilment in sent for line in fulfilment["lines"]) == 10
    assert left() == {"mug": 50 - 10 - 4 * AT_ONCE}
