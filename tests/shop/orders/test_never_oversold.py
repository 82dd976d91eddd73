"""The first promise: Kiosque never sells what it does not have, and the ledger adds up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.shop.variants import queries as variant_queries
from tests.factories import make_item

SKUS = ("mug", "tea", "cup")
PROPERTY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None
)


def place(client, lines):
    body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}
    return client.simulate_post("/v1/orders", json=body)


def test_buyers_at_once_buy_exactly_what_there_is(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=20)
        make_item(tx, sku="tea", stock=30)
    buyers = [client_as() for _ in range(8)]

    def shop(buyer: TestClient) -> list[int]:
        baskets = [(("mug", 1), ("tea", 1)), (("tea", 1), ("mug", 2)), (("tea", 2),)] * 4
        return [
            sum(line["quantity"] for line in answer.json["lines"])
            for basket in baskets
            for answer in [place(buyer, basket)]
            if answer.status_code == 201
        ]

    with ThreadPoolExecutor(8) as pool:
        sold = sum(sum(units) for units in pool.map(shop, buyers))

    remaining = left()
    assert sold == 50 - sum(remaining.values())
    assert remaining["tea"] == 0 or remaining["mug"] == 0


def test_one_unit_has_one_buyer_and_one_cancellation(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=1)
    buyers = [client_as() for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda buyer: place(buyer, [("mug", 1)]), buyers))
        won = [
            (buyer, answer)
            for buyer, answer in zip(buyers, answers, strict=True)
            if answer.status_code == 201
        ]
        (buyer, answer), *others = won
        path = f"{answer.headers['Location']}/cancellation"
        cancelled = list(pool.map(lambda _: buyer.simulate_put(path).status_code, range(8)))

    assert others == []
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert cancelled == [200] * 8
    assert left() == {"mug": 1}


@PROPERTY
@given(lines=st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 10_000)), min_size=1, max_size=100))
def test_an_order_comes_to_the_sum_of_its_lines(db, client_as, lines):
    prices = {"mug": 1999, "tea": 1, "cup": 0}
    with db.write() as tx:
        if not _has_items(tx):
            for sku, price in prices.items():
                make_item(tx, sku=sku, price=price)

    placed = place(client_as(), lines).json

    assert placed["total"]["amount"] == sum(prices[sku] * quantity for sku, quantity in lines)
    assert placed["total"]["amount"] == sum(line["total"]["amount"] for line in placed["lines"])
    assert sum(line["quantity"] for line in placed["lines"]) == sum(quantity for _, quantity in lines)


buy = st.tuples(
    st.just("buy"), st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6)), min_size=1, max_size=4)
)
cancel = st.tuples(st.just("cancel"), st.integers(0, 9))
move = st.tuples(st.just("move"), st.tuples(st.sampled_from(SKUS), st.integers(-5, 5).filter(bool)))


@PROPERTY
@given(steps=st.lists(st.one_of(buy, cancel, move), max_size=15))
def test_whatever_is_bought_cancelled_and_restocked_ledger_and_counter_agree(db, client_as, left, steps):
    with db.write() as tx:
        if not _has_items(tx):
            for sku in SKUS:
                make_item(tx, sku=sku, stock=5)
    keeper, paths, expected = client_as("shopkeeper"), [], left()

    for step, what in steps:
        if step == "buy":
            answer = place(keeper, what)
            wanted = {sku: sum(n for other, n in what if other == sku) for sku, _ in what}
            fits = all(expected[sku] >= quantity for sku, quantity in wanted.items())
            assert answer.status_code == (201 if fits else 409)
            if fits:
                paths.append((answer.headers["Location"], wanted))
                expected = {sku: n - wanted.get(sku, 0) for sku, n in expected.items()}
        elif step == "cancel" and what < len(paths):
            path, wanted = paths[what]
            assert keeper.simulate_put(f"{path}/cancellation").status_code == 200
            expected = {sku: n + wanted.get(sku, 0) for sku, n in expected.items()}
            paths[what] = (path, {})
        elif step == "move":
            sku, delta = what
            body = {"delta": delta, "reason": "adjust"}
            answer = keeper.simulate_post(f"/v1/variants/{sku}/stock-movements", json=body)
            fits = expected[sku] + delta >= 0
            assert answer.status_code == (201 if fits else 409)
            expected[sku] += delta if fits else 0
        assert left() == expected


def _has_items(tx):
    return bool(variant_queries.list_sku_owners(tx, keys=SKUS))
