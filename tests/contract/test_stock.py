"""Contract 6.32 and 6.34: stock by hand and at once, and the one currency."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.server import World
from tests.contract.test_orders import available, eur, ledger, place


def test_fifty_buyers_of_ten_units_get_ten(world: World):
    sku = world.item(stock=10).variants[0].sku

    with ThreadPoolExecutor(25) as pool:
        statuses = [answer.status for answer in pool.map(lambda _: place(world, (sku, 1)), range(50))]

    assert sorted(statuses) == [201] * 10 + [409] * 40
    assert available(world, sku) == 0
    assert sum(delta for _, delta in ledger(world, sku)) == 0


def test_payments_at_once_never_pass_the_total(world: World):
    order = world.order(world.staff["customer"], price=50, quantity=2)
    keeper, payment = world.client("shopkeeper"), {"method": "cash", "amount": eur(30)}

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: keeper.post(f"/v1/orders/{order['id']}/payments", payment), range(8))
        )

    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 5
    assert keeper.get(f"/v1/orders/{order['id']}").json["paid"] == eur(90)


@pytest.mark.parametrize("amount", [{"amount": 1, "currency": "USD"}])
def test_another_currency_is_refused_everywhere(world: World, amount: dict[str, Any]):
    keeper, item = world.client("shopkeeper"), world.item()
    sku, order = item.variants[0].sku, world.order(world.staff["customer"])

    for answer in (
        keeper.post("/v1/items", {"name": "A", "variants": [{"sku": world.sku(), "price": amount}]}),
        keeper.patch(f"/v1/variants/{sku}", {"price": amount}),
        keeper.patch(f"/v1/variants/{sku}", {"compare_at": amount}),
        keeper.patch(f"/v1/items/{item.id}", {"variants": [{"sku": sku, "price": amount}]}),
        keeper.post(f"/v1/orders/{order['id']}/payments", {"method": "cash", "amount": amount}),
    ):
        answer.is_problem(409, "currency-mismatch")
        assert [error["pointer"].rpartition("/")[2] for error in answer.json["errors"]] in (
            ["price"], ["compare_at"], ["amount"]
        )  # fmt: skip


def test_stock_by_hand_never_goes_below_zero_and_its_deltas_sum_to_what_is_there(world: World):
    sku, keeper = world.item(stock=3).variants[0].sku, world.client("shopkeeper")
    path = f"/v1/variants/{sku}/stock-movements"

    for reason, delta in (("receive", 7), ("loss", -2), ("return", 1), ("adjust", -9)):
        assert keeper.post(path, {"delta": delta, "reason": reason}).status == 201
    below = keeper.post(path, {"delta": -1, "reason": "loss"})

    below.is_problem(409, "out-of-stock")
    assert below.json["available"] == {sku: 0}
    assert available(world, sku) == sum(delta for _, delta in ledger(world, sku)) == 0
    for reason in ("initial", "order", "cancellation", "import"):
        keeper.post(path, {"delta": 1, "reason": reason}).is_problem(422, "invalid-format")
    keeper.post(path, {"delta": 0, "reason": "adjust"}).is_problem(422, "out-of-range")


def test_what_is_not_counted_is_sold_without_counting(world: World):
    sku = world.item(stock=None).variants[0].sku

    assert place(world, (sku, 10_000)).status == 201

    assert available(world, sku) is None
    assert ledger(world, sku) == []
