"""Unpaid orders expire: their stock is back at that hour, once, and nobody has to come for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from falcon.testing import TestClient

from api import times
from api.app import create_app
from api.shop.reconcile import rules as reconcile
from tests.factories import CHEAP_HASHER, make_account, make_item, sign_in
from tests.shop.bodies import eur
from tests.web.cached import Answer, Clock


@pytest.fixture
def clock(db):
    db.clock = Clock()
    return db.clock


@pytest.fixture
def buyer(clock, client_as):
    return client_as()


@pytest.fixture
def path(db, buyer):
    """An order of all three mugs and a tea, of which there are more."""
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)
        make_item(tx, sku="tea", stock=5)
    return order(buyer, ("mug", 3), ("tea", 1)).headers["Location"]


@pytest.fixture
def expired(clock, path):
    """The same, half an hour later."""
    clock.ahead(minutes=30)
    return path


def order(client, *lines):
    body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}
    return client.simulate_post("/v1/orders", json=body)


def pay(client, path, amount=4000):
    return client.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(amount)})


def available(client, sku="mug"):
    return client.simulate_get(f"/v1/variants/{sku}").json["stock"]["available"]


def sum_of_ledger(keeper):
    ledger = keeper.simulate_get("/v1/variants/mug/stock-movements").json["data"]
    return sum(movement["delta"] for movement in ledger)


def adds_up(db):
    with db.read() as tx:
        compared = [reconcile.compare(tx, name=name) for name in reconcile.names()]
    return [difference for comparison in compared for difference in comparison.differences] == []


def test_an_order_expires_when_its_hold_ends_and_not_before(clock, buyer, client, path):
    placed = buyer.simulate_get(path).json
    assert placed["expires_at"] == times.later(placed["placed_at"], minutes=30)

    clock.ahead(minutes=29, seconds=59.999)
    assert (buyer.simulate_get(path).json, available(client)) == (placed, 0)
    clock.ahead(seconds=0.001)

    after = buyer.simulate_get(path).json
    assert after["order_status"] == "expired"
    assert after["events"][-1] == {
        **placed["events"][0],
        "kind": "expired",
        "at": placed["expires_at"],
        "by": "system",
    }
    assert available(client) == 3


def test_an_expired_order_reads_alike_before_and_after_somebody_needs_its_stock(
    db, client_as, buyer, expired
):
    before = buyer.simulate_get(expired)

    assert order(client_as(), ("mug", 2)).status_code == 201

    assert buyer.simulate_get(expired).content == before.content
    assert adds_up(db)


def test_stock_is_back_once_for_whoever_needs_it(db, client_as, expired, left):
    other = client_as()

    sold = [order(other, ("mug", 1)).status_code for _ in range(4)]

    assert sold == [201, 201, 201, 409]
    assert left() == {"mug": 0, "tea": 5}
    assert adds_up(db)


def test_a_list_of_what_is_in_stock_shows_what_is_back(clock, client, path):
    shown = []
    for minutes in (0, 30):
        clock.ahead(minutes=minutes)
        for said in ("true", "false"):
            items = client.simulate_get(f"/v1/items?in_stock={said}").json["data"]
            shown.append({item["variants"][0]["sku"] for item in items})

    assert shown == [{"tea"}, {"mug"}, {"mug", "tea"}, set()]


def test_lists_of_orders_know_what_has_expired(clock, client_as, buyer, expired):
    order(buyer, ("tea", 1))
    keeper = client_as("shopkeeper")

    for settled in (False, True):
        for client, path in ((keeper, "/v1/orders"), (buyer, "/v1/me/orders")):
            for filters, number in (
                ("order_status=expired", 1),
                ("order_status=open", 1),
                ("order_status=expired&payment_status=unpaid", 1),
                ("order_status=expired&payment_status=paid", 0),
                ("payment_status=unpaid", 2),
            ):
                orders = client.simulate_get(f"{path}?{filters}").json["data"]
                assert len(orders) == number, (settled, path, filters)
        keeper.simulate_post("/v1/variants/mug/stock-movements", json={"delta": -1, "reason": "loss"})


def test_units_counted_out_by_hand_may_be_those_that_are_back(client_as, expired, left):
    keeper = client_as("shopkeeper")

    answer = keeper.simulate_post("/v1/variants/mug/stock-movements", json={"delta": -3, "reason": "loss"})

    assert (answer.status_code, left()["mug"]) == (201, 0)
    assert sum_of_ledger(keeper) == 0


def test_the_ledger_sums_to_what_is_shown(client_as, client, expired):
    keeper = client_as("shopkeeper")

    assert sum_of_ledger(keeper) == available(client) == 3
    ledger = keeper.simulate_get("/v1/variants/mug/stock-movements").json["data"]
    assert [(movement["delta"], movement["reason"]) for movement in ledger] == [
        (3, "expiry"),
        (-3, "order"),
        (3, "initial"),
    ]


@pytest.mark.parametrize("settled", [False, True])
def test_money_by_hand_brings_an_expired_order_back_to_life(db, client_as, buyer, expired, left, settled):
    keeper = client_as("shopkeeper")
    if settled:
        cancelled = order(buyer, ("mug", 1)).headers["Location"]
        assert buyer.simulate_put(f"{cancelled}/cancellation").status_code == 200

    assert pay(keeper, expired, 1).status_code == 201

    after = buyer.simulate_get(expired).json
    assert (after["order_status"], after["payment_status"], after["expires_at"]) == (
        "open",
        "partly_paid",
        None,
    )
    assert [event["kind"] for event in after["events"]] == ["placed", "expired", "revived", "partly_paid"]
    assert left() == {"mug": 0, "tea": 4}
    assert adds_up(db)


def test_money_by_hand_comes_too_late_when_the_stock_is_sold(db, client_as, buyer, expired, left):
    order(client_as(), ("mug", 1))
    keeper = client_as("shopkeeper")

    answer = pay(keeper, expired)

    assert (answer.status_code, answer.json["code"]) == (409, "out-of-stock")
    assert answer.json["available"] == {"mug": 2}
    assert buyer.simulate_get(expired).json["order_status"] == "expired"
    assert left() == {"mug": 2, "tea": 5}
    assert adds_up(db)


def test_an_expired_order_is_neither_cancelled_nor_sent(client_as, buyer, expired, left):
    keeper = client_as("shopkeeper")

    steps = [
        (buyer.simulate_put(f"{expired}/cancellation"), []),
        (keeper.simulate_put(f"{expired}/cancellation"), ["payments"]),
        (keeper.simulate_post(f"{expired}/fulfilments", json={}), ["payments"]),
    ]

    for answer, allowed in steps:
        assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
        assert (answer.json["state"], answer.json["allowed"]) == ("expired", allowed)


@pytest.mark.parametrize("step", ["payments", "fulfilments"])
def test_what_is_paid_in_part_or_sent_never_expires(clock, client_as, buyer, path, step):
    body = {"method": "cash", "amount": eur(1)} if step == "payments" else {}
    assert client_as("shopkeeper").simulate_post(f"{path}/{step}", json=body).status_code == 201

    clock.ahead(days=1)

    after = buyer.simulate_get(path).json
    assert (after["order_status"], after["expires_at"]) == ("open", None)


def test_what_costs_nothing_and_what_has_no_hold_never_expire(clock, db, settings):
    with db.write() as tx:
        make_item(tx, sku="gift", stock=1, price=0)
        make_item(tx, sku="mug", stock=1)
        token = sign_in(tx, make_account(tx))
    apps = (create_app(replace(settings, hold_minutes=hold), db, CHEAP_HASHER) for hold in (30, 0))
    buyer, forever = (TestClient(app, headers={"Authorization": f"Bearer {token}"}) for app in apps)

    placed = order(buyer, ("gift", 1)), order(forever, ("mug", 1))
    clock.ahead(days=1)

    for answer in placed:
        after = buyer.simulate_get(answer.headers["Location"]).json
        assert (after["order_status"], after["expires_at"]) == ("open", None)


def test_a_cached_answer_shows_the_stock_that_is_back(clock, db, settings, path):
    cached = create_app(replace(settings, cache_bytes=2**20), db, CHEAP_HASHER)

    def shown() -> bool:
        return b'"available":3' in Answer(cached, "/v1/variants/mug").body

    seen = [shown(), shown()]
    clock.ahead(minutes=29)
    seen += [shown(), shown()]
    clock.ahead(minutes=1)
    seen += [shown(), shown()]
    assert seen == [False] * 4 + [True] * 2


def test_buyers_at_once_share_exactly_what_is_back(db, client_as, clock, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=5)
        make_item(tx, sku="tea", stock=5)
    for lines in ([("mug", 2), ("tea", 2)], [("tea", 3), ("mug", 3)]):
        assert order(client_as(), *lines).status_code == 201
    clock.ahead(minutes=30)
    buyers = [client_as() for _ in range(8)]

    def shop(place: int) -> int:
        lines = [("mug", 1), ("tea", 1)] if place % 2 else [("tea", 1), ("mug", 1)]
        return order(buyers[place], *lines).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(shop, range(8)))

    assert sorted(answers) == [201] * 5 + [409] * 3
    assert left() == {"mug": 0, "tea": 0}
    assert adds_up(db)


def test_of_late_money_and_other_buyers_one_gets_the_last_unit(db, client_as, clock, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=1)
    late = order(client_as(), ("mug", 1)).headers["Location"]
    clock.ahead(minutes=30)
    keeper, buyers = client_as("shopkeeper"), [client_as() for _ in range(6)]

    def act(place: int) -> int:
        answer = pay(keeper, late, 1000) if place == 3 else order(buyers[place], ("mug", 1))
        return answer.status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(act, range(6)))

    assert sorted(answers) == [201] + [409] * 5
    assert left() == {"mug": 0}
    assert adds_up(db)
