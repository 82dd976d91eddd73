"""Contract 6.32–6.36 and 4.13–4.16: money, stock, and what an order goes through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.contract.client import Answer
from tests.contract.server import World


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def place(world: World, *lines: tuple[str, int], who: str = "customer", **more: Any) -> Answer:
    body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines], **more}
    return world.client(who).post("/v1/orders", body)


def available(world: World, sku: str) -> Any:
    return world.client("shopkeeper").get(f"/v1/variants/{sku}").json["stock"]["available"]


def ledger(world: World, sku: str) -> list[tuple[str, int]]:
    answer = world.client("shopkeeper").get(f"/v1/variants/{sku}/stock-movements?limit=100")
    return [(row["reason"], row["delta"]) for row in answer.json["data"]]


def test_the_server_computes_the_total_and_sums_lines_of_one_sku(world: World):
    one, two = (world.item(stock=9, price=price).variants[0].sku for price in (1999, 1))

    answer = place(world, (one, 1), (two, 3), (one.swapcase(), 2), expected_total=eur(3 * 1999 + 3))

    assert answer.status == 201
    assert answer.header("Location") == f"/v1/orders/{answer.json['id']}"
    assert (answer.json["subtotal"], answer.json["total"]) == (eur(6000), eur(6000))
    assert {(line["sku"], line["quantity"], line["total"]["amount"]) for line in answer.json["lines"]} == {
        (one, 3, 5997),
        (two, 3, 3),
    }
    assert (available(world, one), available(world, two)) == (6, 6)


def test_summed_lines_are_checked_against_stock_together(world: World):
    sku = world.item(stock=5).variants[0].sku

    answer = place(world, (sku, 3), (sku.lower(), 3))

    answer.is_problem(409, "out-of-stock")
    assert answer.json["available"] == {sku: 5}
    assert available(world, sku) == 5
    assert ledger(world, sku) == [("initial", 5)]


def test_one_line_short_takes_nothing_of_the_others(world: World):
    plenty, scarce, gone = (world.item(stock=stock).variants[0].sku for stock in (100, 1, 0))

    answer = place(world, (plenty, 10), (scarce, 2), (gone, 1))

    answer.is_problem(409, "out-of-stock")
    assert answer.json["available"] == {scarce: 1, gone: 0}
    assert answer.errors() == {("/lines/1", "out-of-stock"), ("/lines/2", "out-of-stock")}
    assert (available(world, plenty), available(world, scarce)) == (100, 1)


def test_what_cannot_be_ordered_is_pointed_at(world: World):
    good, draft = world.item().variants[0].sku, world.item(status="draft").variants[0].sku
    external, archived = (
        world.item(kind="external").variants[0].sku,
        world.item(status="archived").variants[0].sku,
    )

    answer = place(world, (good, 1), ("never-was", 1), (draft, 1), (external, 1), (archived, 1))

    answer.is_problem(409, "unknown-item")
    assert {pointer.removesuffix("/sku") for pointer, _ in answer.errors()} == {
        f"/lines/{n}" for n in (1, 2, 3, 4)
    }


def test_a_changed_price_is_told_with_the_total_and_takes_nothing(world: World):
    sku = world.item(stock=2, price=700).variants[0].sku

    for seen in (eur(699), eur(1401), eur(0)):
        answer = place(world, (sku, 2), expected_total=seen)
        answer.is_problem(409, "price-changed")
        assert answer.json["total"] == eur(1400)
    place(world, (sku, 1), expected_total={"amount": 700, "currency": "USD"}).is_problem(
        409, "currency-mismatch"
    )
    assert available(world, sku) == 2


def test_a_total_too_large_is_refused(world: World):
    sku = world.item(price=10**11).variants[0].sku

    place(world, (sku, 11)).is_problem(409, "total-too-large")
    assert place(world, (sku, 10)).json["total"] == eur(10**12)


def test_an_order_keeps_what_it_was_sold_as(world: World):
    item = world.item(name="Old name", price=300)
    sku = item.variants[0].sku
    order = place(world, (sku, 1)).json
    keeper = world.client("shopkeeper")
    keeper.patch(f"/v1/items/{item.id}", {"name": "New name"})
    keeper.patch(f"/v1/variants/{sku}", {"price": eur(900)})
    keeper.delete(f"/v1/items/{item.id}")

    assert world.client("customer").get(f"/v1/orders/{order['id']}").json == order
    taken = {"name": "Again", "variants": [{"sku": sku.upper(), "price": eur(1)}]}
    keeper.post("/v1/items", taken).is_problem(409, "sku-taken")
    keeper.put(f"/v1/orders/{order['id']}/cancellation", {})
    assert keeper.post("/v1/items", taken).status == 201


def test_the_way_of_an_order_from_open_to_completed(world: World):
    sku = world.item(stock=10, price=100).variants[0].sku
    order, keeper = place(world, (sku, 4)).json, world.client("shopkeeper")
    path = f"/v1/orders/{order['id']}"

    def state() -> tuple[str, str, str]:
        now = keeper.get(path).json
        return now["order_status"], now["payment_status"], now["fulfilment_status"]

    assert state() == ("open", "unpaid", "none")
    assert keeper.post(f"{path}/payments", {"method": "cash", "amount": eur(150)}).status == 201
    assert state() == ("open", "partly_paid", "none")
    assert keeper.post(f"{path}/fulfilments", {"lines": [{"sku": sku, "quantity": 1}]}).status == 201
    assert state() == ("open", "partly_paid", "partial")
    too_much = keeper.post(f"{path}/payments", {"method": "cash", "amount": eur(251)})
    too_much.is_problem(409, "invalid-state")
    assert {"state", "allowed"} <= set(too_much.json)
    assert keeper.post(f"{path}/payments", {"method": "card", "amount": eur(250)}).status == 201
    assert state() == ("open", "paid", "partial")
    over = keeper.post(f"{path}/fulfilments", {"lines": [{"sku": sku, "quantity": 4}]})
    over.is_problem(409, "invalid-state")
    rest = keeper.post(f"{path}/fulfilments", {})
    assert rest.json["lines"] == [{"sku": sku, "quantity": 3}]
    assert state() == ("completed", "paid", "fulfilled")
    for more in ("payments", "fulfilments", "cancellation"):
        method = "PUT" if more == "cancellation" else "POST"
        body = {"method": "cash", "amount": eur(1)} if more == "payments" else {}
        keeper.call(method, f"{path}/{more}", body).is_problem(409, "invalid-state")
    assert keeper.get(path).json["paid"] == eur(400)
    assert [row["amount"]["amount"] for row in keeper.get(f"{path}/payments").json["data"]] == [250, 150]
    assert available(world, sku) == 6


def test_a_cancellation_returns_stock_exactly_once(world: World):
    sku = world.item(stock=10).variants[0].sku
    order, buyer = place(world, (sku, 4)).json, world.client("customer")
    path = f"/v1/orders/{order['id']}/cancellation"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: buyer.put(path, {"reason": "Changed my mind"}), range(8)))
    again = buyer.put(path, {})

    assert {answer.status for answer in (*answers, again)} == {200}
    assert len({answer.body for answer in (*answers, again)}) == 1
    assert again.json["order_status"] == "cancelled"
    assert available(world, sku) == 10
    assert ledger(world, sku) == [("cancellation", 4), ("order", -4), ("initial", 10)]
    payment = {"method": "cash", "amount": eur(1)}
    for place_, body in (("payments", payment), ("fulfilments", {})):
        refused = world.client("shopkeeper").post(f"/v1/orders/{order['id']}/{place_}", body)
        refused.is_problem(409, "invalid-state")
        assert refused.json["state"] == "cancelled"
        assert refused.json["allowed"] == []


def test_its_buyer_cannot_cancel_what_is_paid_but_a_shopkeeper_can(world: World):
    sku = world.item(stock=3, price=100).variants[0].sku
    order, keeper = place(world, (sku, 1)).json, world.client("shopkeeper")
    path = f"/v1/orders/{order['id']}"
    keeper.post(f"{path}/payments", {"method": "cash", "amount": eur(100)})

    world.client("customer").put(f"{path}/cancellation", {}).is_problem(409, "invalid-state")

    assert keeper.put(f"{path}/cancellation", {}).json["order_status"] == "cancelled"
    assert available(world, sku) == 3


def test_a_total_of_nothing_is_paid_at_once(world: World):
    sku = world.item(price=0).variants[0].sku

    order = place(world, (sku, 1)).json

    assert (order["payment_status"], order["order_status"]) == ("paid", "open")
    world.client("shopkeeper").post(f"/v1/orders/{order['id']}/fulfilments", {})
    assert world.client("customer").get(f"/v1/orders/{order['id']}").json["order_status"] == "completed"
