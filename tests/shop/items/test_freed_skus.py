"""A deleted item frees its skus once no order of it is open, and its orders keep showing them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from api.shop.orders.tables import OPEN, order_lines, orders
from api.shop.variants.tables import variants
from tests.shop.bodies import eur, shirt
from tests.web.cached import Clock

AT_ONCE = 4


@pytest.fixture
def clock(db):
    db.clock = Clock()
    return db.clock


@pytest.fixture
def item(keeper):
    """A shirt in two sizes, five of each."""
    return keeper.simulate_post("/v1/items", json=shirt()).headers["Location"]


def order(client, *skus):
    lines = [{"sku": sku, "quantity": 1} for sku in skus]
    return client.simulate_post("/v1/orders", json={"lines": lines}).headers["Location"]


def take(keeper, sku="SHIRT-s"):
    variant = {"sku": sku, "price": eur(1), "stock": 9}
    body = {"name": "Other", "status": "published", "variants": [variant]}
    return keeper.simulate_post("/v1/items", json=body)


def cancel(client, path):
    return client.simulate_put(f"{path}/cancellation", json={})


def test_an_item_without_orders_frees_its_skus_at_once(keeper, item, left):
    keeper.simulate_delete(item)

    assert take(keeper).status_code == 201
    assert keeper.simulate_get("/v1/variants/shirt-s").json["stock"]["available"] == 9


def test_an_item_that_is_there_frees_nothing(keeper, item):
    answer = take(keeper)

    assert (answer.status_code, answer.json["code"]) == (409, "sku-taken")


@pytest.mark.parametrize("sku", ["shirt-S", "shirt-M"])
def test_an_open_order_of_any_variant_keeps_all_skus_until_it_is_cancelled(keeper, item, client_as, sku):
    buyer = client_as()
    path = order(buyer, sku)
    keeper.simulate_delete(item)

    before = take(keeper)
    cancel(buyer, path)
    after = take(keeper)

    assert (before.status_code, before.json["code"], after.status_code) == (409, "sku-taken", 201)


def test_the_skus_are_free_once_the_order_is_completed(keeper, item, client_as):
    path = order(client_as(), "shirt-S")
    keeper.simulate_delete(item)

    statuses = [take(keeper).status_code]
    keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(2500)})
    statuses.append(take(keeper).status_code)
    keeper.simulate_post(f"{path}/fulfilments", json={})
    statuses.append(take(keeper).status_code)

    assert statuses == [409, 409, 201]


def test_the_skus_are_free_at_the_hour_at_which_the_order_expires(clock, keeper, item, client_as):
    order(client_as(), "shirt-S")
    keeper.simulate_delete(item)

    clock.ahead(minutes=29)
    before = take(client_as("shopkeeper"))
    clock.ahead(minutes=1)
    after = take(client_as("shopkeeper"))

    assert (before.status_code, after.status_code) == (409, 201)


def test_old_orders_keep_their_lines_and_their_stock_apart_from_the_new_item(keeper, item, client_as, left):
    buyer = client_as()
    path = order(buyer, "shirt-S", "shirt-M")
    cancel(buyer, path)
    before = buyer.simulate_get(path).json
    keeper.simulate_delete(item)

    take(keeper)
    order(client_as(), "shirt-s")

    assert buyer.simulate_get(path).json == before
    ledger = keeper.simulate_get("/v1/variants/shirt-s/stock-movements").json["data"]
    assert [(row["reason"], row["delta"]) for row in ledger] == [("order", -1), ("initial", 9)]
    left()


def test_an_expired_order_of_a_deleted_item_is_revived_with_its_own_stock(clock, item, client_as):
    path = order(client_as(), "shirt-S")
    clock.ahead(minutes=30)
    keeper = client_as("shopkeeper")
    keeper.simulate_delete(item)
    take(keeper)

    paid = keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(2500)})
    sent = keeper.simulate_post(f"{path}/fulfilments", json={"lines": [{"sku": "shirt-S", "quantity": 1}]})

    assert (paid.status_code, sent.status_code) == (201, 201)
    assert keeper.simulate_get("/v1/variants/shirt-S").json["stock"]["available"] == 9


def test_a_patch_may_take_a_freed_sku_too(keeper, item):
    other = take(keeper, sku="other")
    keeper.simulate_delete(item)

    variant = {"sku": "shirt-S", "price": eur(1)}
    answer = keeper.simulate_patch(other.headers["Location"], json={"variants": [variant]})

    assert answer.status_code == 200


def test_a_freed_sku_goes_to_one_item(client_as, keeper, item):
    keepers = [client_as("shopkeeper") for _ in range(AT_ONCE)]
    keeper.simulate_delete(item)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(take, keepers))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)


def test_no_order_that_is_open_loses_its_skus_to_an_item_made_meanwhile(db, client_as, keeper):
    buyers = [client_as() for _ in range(AT_ONCE)]
    body = {"lines": [{"sku": "shirt-s", "quantity": 1}]}

    def replace(item):
        keeper.simulate_delete(item)
        return take(keeper)

    for _ in range(5):
        made = take(keeper)
        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            replaced = pool.submit(replace, made.headers["Location"])
            placed = list(pool.map(lambda buyer: buyer.simulate_post("/v1/orders", json=body), buyers))
        with db.read() as tx:
            lost = sa.select(orders.c.id).join_from(orders, order_lines).join(variants)
            assert tx.rows(lost.where(OPEN, variants.c.sku_key.is_(None))) == []
        for answer in placed:
            if answer.status_code == 201:
                cancel(keeper, answer.headers["Location"])
        if replaced.result().status_code == 201:
            keeper.simulate_delete(replaced.result().headers["Location"])
