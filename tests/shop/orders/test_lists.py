"""Lists of orders: every filter, alone and with others, and what staff see that buyers do not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api import times
from api.shop.orders import rules as orders
from tests.factories import make_item, make_viewer, pay, refund
from tests.web.cached import Clock


@pytest.fixture
def clock(db):
    db.clock = Clock()
    return db.clock


LOVELACE = {"name": "Ada Lovelace", "line1": "1 Quay", "city": "Brest", "postcode": "29200", "country": "FR"}


@pytest.fixture
def placed(db, clock, client_as):
    """Orders of Ada, Ben and Ada again, a minute apart."""
    with db.write() as tx:
        make_item(tx, sku="mug")
    ada, ben = client_as(email="Ada@kiosque.test"), client_as(email="ben@kiosque.test")
    orders = []
    for buyer in (ada, ben, ada):
        draft = {"lines": [{"sku": "mug", "quantity": 1}]}
        if buyer is ben:
            draft["billing_address"] = LOVELACE
        orders.append(buyer.simulate_post("/v1/orders", json=draft).json)
        clock.ahead(minutes=1)
    return orders


def test_every_filter_finds_what_it_says_and_combines(placed, client_as):
    keeper = client_as("shopkeeper")
    first, second, third = placed

    def found(**filters):
        data = keeper.simulate_get("/v1/orders", params=filters).json["data"]
        return [[first["id"], second["id"], third["id"]].index(order["id"]) for order in data]

    assert found(email="ADA@kiosque.test") == [2, 0]
    assert found(email="ada") == []
    assert found(number=second["number"]) == [1]
    assert found(q=str(first["number"])) == [0]
    assert found(q=f" {third['id']} ") == [2]
    assert found(q="ada@kio") == [2, 0]
    assert found(q="Lovelace") == found(q=" ada  LOVE") == [1]
    assert found(q="ovelace") == []
    assert found(q="MUG ") == [2, 1, 0]
    assert found(q="mu") == []
    assert found(q="%") == found(q="nobody") == found(q="9" * 200) == []
    assert found(q=" ") == [2, 1, 0]
    assert found(placed_after=first["placed_at"]) == [2, 1]
    assert found(placed_before=second["placed_at"]) == [0]
    assert found(placed_after=first["placed_at"], placed_before=third["placed_at"]) == [1]
    assert found(updated_since=second["updated_at"]) == [2, 1]
    assert found(email="ada@kiosque.test", order_status="open", placed_after=first["placed_at"]) == [2]
    assert found(q="ben", order_status="cancelled") == []


def test_what_is_to_be_sent_and_what_has_a_refund_is_found_with_any_filter(db, placed, client_as):
    keeper = client_as("shopkeeper")
    ids = [order["id"] for order in placed]
    with db.write() as tx:
        owner = make_viewer(tx, role="owner")
        payments = [pay(tx, orders.find_any(tx, ref=each), 1000, actor=owner) for each in ids[:2]]
        refund(tx, payments[0], 400, actor=owner)
        tx.run(sa.text("UPDATE refunds SET state = 'failed'"))

    def found(query):
        data = keeper.simulate_get(f"/v1/orders?{query}").json["data"]
        return [ids.index(order["id"]) for order in data]

    assert found("to_send=true") == [1, 0]
    assert found("to_send=false") == [2]
    assert found("to_send=true&limit=1") == [1]
    assert found("to_send=true&payment_status=partly_refunded") == [0]
    assert found("to_send=true&payment_status=unpaid") == []
    assert found("refund=failed") == found("refund=failed&to_send=true") == [0]
    assert found("refund=pending") == found("refund=failed&to_send=false") == []


@pytest.mark.parametrize(
    "query",
    [
        "to_send=1",
        "refund=succeeded",
        "number=0",
        "number=1e3",
        "placed_after=yesterday",
        "updated_since=2026-11-22T09:30:00",
    ],
)
def test_a_filter_that_is_no_number_or_time_is_refused(client_as, query):
    answer = client_as("shopkeeper").simulate_get(f"/v1/orders?{query}")

    assert (answer.status_code, answer.json["code"]) == (400, "invalid-parameter")


def test_times_before_and_after_all_times_are_taken(placed, client_as):
    keeper = client_as("shopkeeper")

    for filters, number in (
        ("placed_after=0001-01-01T00:00:00Z", 3),
        ("placed_before=9999-12-31T23:59:59.999Z", 3),
        ("placed_after=9999-12-31T23:59:59.999Z", 0),
        ("updated_since=0001-01-01T00:00:00%2B14:00", 3),
    ):
        answer = keeper.simulate_get(f"/v1/orders?{filters}")
        assert (answer.status_code, len(answer.json["data"])) == (200, number)


def test_an_order_is_updated_by_every_step_and_by_its_expiry(clock, placed, client_as):
    keeper = client_as("shopkeeper")
    first, second, third = placed

    keeper.simulate_put(f"/v1/orders/{second['id']}/cancellation")
    clock.ahead(minutes=28)

    def updated(order):
        return keeper.simulate_get(f"/v1/orders/{order['id']}").json["updated_at"]

    assert updated(first) == times.later(first["placed_at"], minutes=30)
    assert updated(second) == times.later(first["placed_at"], minutes=3)
    assert updated(third) == third["placed_at"]
    since = times.later(first["placed_at"], minutes=3, seconds=1)
    data = keeper.simulate_get(f"/v1/orders?updated_since={since}").json["data"]
    assert [order["id"] for order in data] == [first["id"]]


def test_an_event_says_who_did_it_and_why(placed, client_as):
    keeper = client_as("shopkeeper")
    path = f"/v1/orders/{placed[0]['id']}"
    ada = placed[0]["buyer"]["account"]

    keeper.simulate_put(f"{path}/cancellation", json={"reason": "Sold out"})

    events = keeper.simulate_get(path).json["events"]
    assert [(event["kind"], event["by"], event["note"]) for event in events] == [
        ("placed", "buyer", None),
        ("cancelled", "staff", "Sold out"),
    ]
    assert events[0]["by_account"] == ada
    assert events[1]["by_account"] not in (None, ada)
    assert placed[0]["events"][0] == {**events[0], "by_account": None}


def test_an_order_is_found_by_the_name_of_its_address_as_it_is_now(placed, client_as):
    keeper = client_as("shopkeeper")
    path = f"/v1/orders/{placed[1]['id']}"

    answer = keeper.simulate_patch(path, json={"billing_address": LOVELACE | {"name": "Nour Haddad"}})

    assert answer.status_code == 200
    assert keeper.simulate_get("/v1/orders", params={"q": "lovelace"}).json["data"] == []
    (found,) = keeper.simulate_get("/v1/orders", params={"q": "haddad nour"}).json["data"]
    assert found["id"] == placed[1]["id"]


@pytest.mark.parametrize("q", ["unal", "Ünal", "U\u0308NAL", "ÅLUND", "alund unal"])
def test_an_order_is_found_by_a_name_without_its_accents(placed, client_as, q):
    keeper = client_as("shopkeeper")
    path = f"/v1/orders/{placed[1]['id']}"
    keeper.simulate_patch(path, json={"billing_address": LOVELACE | {"name": "Ünal Ålund"}})

    found = keeper.simulate_get("/v1/orders", params={"q": q}).json["data"]

    assert [order["id"] for order in found] == [placed[1]["id"]]
