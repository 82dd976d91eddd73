"""Counting the stock of a variant begins and ends, and orders return to it what they took."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.bodies import eur
from tests.web.cached import Clock

NOUN = Noun(
    roles="""
PUT    /v1/variants/{sku}/tracking            - uncounted      401 401 403 403 403 200 200 403
DELETE /v1/variants/{sku}/tracking            - published      401 401 403 403 403 204 204 403
DELETE /v1/variants/{sku}/tracking            - uncounted      401 401 403 403 403 204 204 403
""",
    bodies={("PUT", "/v1/variants/{sku}/tracking"): {"available": 5}},
)
MUG = "/v1/variants/mug"


@pytest.fixture
def clock(db):
    db.clock = Clock()
    return db.clock


@pytest.fixture
def counted(db):
    """Five mugs."""
    with db.write() as tx:
        make_item(tx, sku="mug", stock=5)


@pytest.fixture
def uncounted(db):
    """Mugs that nobody counts."""
    with db.write() as tx:
        make_item(tx, sku="mug")


def begin(keeper, available=5, sku="mug", **headers):
    body = {"available": available}
    return keeper.simulate_put(f"/v1/variants/{sku}/tracking", json=body, headers=headers)


def end(keeper, **headers):
    return keeper.simulate_delete(f"{MUG}/tracking", headers=headers)


def order(client, quantity):
    body = {"lines": [{"sku": "mug", "quantity": quantity}]}
    return client.simulate_post("/v1/orders", json=body).headers["Location"]


def cancel(client, path):
    return client.simulate_put(f"{path}/cancellation", json={})


def stock(client):
    return client.simulate_get(MUG).json["stock"]


def ledger(keeper):
    rows = keeper.simulate_get(f"{MUG}/stock-movements").json["data"]
    return [(row["reason"], row["delta"]) for row in reversed(rows)]


@pytest.mark.usefixtures("uncounted")
def test_counting_begins_with_what_is_there(keeper, left):
    answer = begin(keeper, 5)

    assert answer.status_code == 200
    assert answer.json == keeper.simulate_get(MUG).json
    assert answer.json["stock"] == {"tracked": True, "available": 5}
    assert ledger(keeper) == [("tracked", 5)]
    assert left() == {"mug": 5}


@pytest.mark.usefixtures("counted")
def test_what_is_counted_already_is_not_counted_again(keeper, left):
    answer = begin(keeper, 9)

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    members = {name: answer.json[name] for name in ("state", "available", "allowed")}
    assert members == {"state": "tracked", "available": 5, "allowed": ["stock-movements"]}
    assert left() == {"mug": 5}


@pytest.mark.usefixtures("counted")
def test_counting_ends_once(keeper, left):
    answers = [end(keeper).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert stock(keeper) == {"tracked": False, "available": None}
    assert ledger(keeper) == [("initial", 5), ("untracked", -5)]
    assert left() == {"mug": 0}


@pytest.mark.usefixtures("uncounted")
def test_the_ledger_says_when_counting_began_and_ended_with_nothing_there(keeper):
    begin(keeper, 0)
    end(keeper)

    assert ledger(keeper) == [("tracked", 0), ("untracked", 0)]


@pytest.mark.usefixtures("uncounted")
def test_both_take_part_in_preconditions_with_the_etag_of_the_variant(keeper):
    etag = keeper.simulate_get(MUG).headers["ETag"]
    begun = begin(keeper, **{"If-Match": etag})

    stale = [act(keeper, **{"If-Match": etag}).status_code for act in (begin, end)]
    ended = end(keeper, **{"If-Match": begun.headers["ETag"]})

    assert (begun.status_code, stale, ended.status_code) == (200, [412, 412], 204)


@pytest.mark.usefixtures("uncounted")
def test_an_order_from_before_the_count_returns_nothing(keeper, left):
    path = order(keeper, 2)
    begin(keeper, 5)

    cancel(keeper, path)

    assert left() == {"mug": 5}


@pytest.mark.usefixtures("counted")
def test_an_order_cancelled_while_nothing_is_counted_returns_to_no_later_count(keeper, left):
    path = order(keeper, 2)
    end(keeper)
    cancel(keeper, path)

    begin(keeper, 7)
    cancel(keeper, path)

    assert left() == {"mug": 7}
    assert ledger(keeper) == [
        ("initial", 5),
        ("order", -2),
        ("untracked", -3),
        ("cancellation", 2),
        ("untracked", -2),
        ("tracked", 7),
    ]


@pytest.mark.usefixtures("counted")
def test_an_order_that_took_stock_in_an_earlier_count_returns_it_to_the_present_one(keeper, left):
    path = order(keeper, 2)
    end(keeper)
    begin(keeper, 3)

    cancel(keeper, path)

    assert left() == {"mug": 5}


def test_an_order_that_is_due_when_counting_begins_returns_nothing_to_it(
    db, clock, counted, client_as, keeper, left
):
    order(client_as(), 2)
    end(keeper)
    clock.ahead(minutes=30)
    keeper = client_as("shopkeeper")

    begin(keeper, 4)

    assert (stock(keeper)["available"], left()) == (4, {"mug": 4})


def test_an_order_that_expires_after_counting_began_again_returns_what_it_took(
    db, clock, counted, client_as, keeper, left
):
    order(client_as(), 2)
    end(keeper)
    begin(keeper, 4)
    clock.ahead(minutes=30)

    assert stock(client_as())["available"] == 6
    order(client_as(), 6)
    assert left() == {"mug": 0}


def test_an_order_revived_while_nothing_is_counted_takes_and_returns_nothing(
    db, clock, counted, client_as, keeper, left
):
    path = order(client_as(), 2)
    end(keeper)
    clock.ahead(minutes=30)
    keeper = client_as("shopkeeper")

    payment = keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(1)})
    begin(keeper, 4)
    cancelled = cancel(keeper, path)

    assert (payment.status_code, cancelled.status_code) == (201, 200)
    assert left() == {"mug": 4}


@pytest.mark.usefixtures("uncounted")
def test_counting_begins_once_however_many_begin_it(client_as, left):
    keepers = [client_as("shopkeeper") for _ in range(6)]

    with ThreadPoolExecutor(len(keepers)) as pool:
        answers = list(pool.map(begin, keepers, range(1, 7)))

    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, *[409] * 5]
    assert left() == {"mug": 1 + statuses.index(200)}


@pytest.mark.usefixtures("counted")
def test_orders_and_counts_at_once_leave_a_ledger_that_adds_up(client_as, left):
    keepers = [client_as("shopkeeper") for _ in range(4)]

    def work(keeper):
        statuses = []
        for _ in range(4):
            placed = keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]})
            statuses += [placed.status_code, end(keeper).status_code, begin(keeper, 9).status_code]
            if placed.status_code == 201:
                statuses.append(cancel(keeper, placed.headers["Location"]).status_code)
        return statuses

    with ThreadPoolExecutor(len(keepers)) as pool:
        statuses = [status for row in pool.map(work, keepers) for status in row]

    assert set(statuses) <= {200, 201, 204, 409}
    left()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"available": None}, "invalid-type"),
        ({"available": -1}, "out-of-range"),
        ({"available": 1_000_000_001}, "out-of-range"),
        ({"available": 1, "tracked": True}, "unknown-field"),
    ],
)
def test_a_count_of_a_bad_form_is_refused(uncounted, keeper, body, code):
    answer = keeper.simulate_put(f"{MUG}/tracking", json=body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
