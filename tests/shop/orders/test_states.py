"""The states of an order: paid, sent, cancelled, and every step that is refused."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.shop.bodies import eur


def pay(client, path, amount):
    return client.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(amount)})


def fulfil(client, path, *lines):
    body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]} if lines else {}
    return client.simulate_post(f"{path}/fulfilments", json=body)


def cancel(client, path, **body):
    return client.simulate_put(f"{path}/cancellation", json=body)


def states(client, path):
    order = client.simulate_get(path).json
    return order["order_status"], order["payment_status"], order["fulfilment_status"]


def kinds(client, path):
    return [event["kind"] for event in client.simulate_get(path).json["events"]]


@pytest.fixture
def buyer(client_as):
    return client_as()


@pytest.fixture
def path(db, buyer):
    """An order of two mugs and a tea, 25.00 together."""
    with db.write() as tx:
        make_item(tx, sku="Mug", stock=5, price=1000)
        make_item(tx, sku="tea", stock=5, price=500)
    lines = [{"sku": "mug", "quantity": 2}, {"sku": "tea", "quantity": 1}]
    return buyer.simulate_post("/v1/orders", json={"lines": lines}).headers["Location"]


def refused(answer, *, state, allowed):
    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    assert (answer.json["state"], answer.json["allowed"]) == (state, allowed)
    return True


def test_paid_and_sent_is_completed(buyer, keeper, path):
    part = pay(keeper, path, 1000)
    rest = keeper.simulate_post(
        f"{path}/payments", json={"method": "transfer", "amount": eur(1500), "reference": "R1"}
    )
    fulfil(keeper, path)

    assert (part.status_code, rest.json["amount"], rest.json["reference"]) == (201, eur(1500), "R1")
    assert (rest.json["provider"], rest.json["state"]) == ("manual", "captured")
    assert buyer.simulate_get(f"{path}/payments").json["data"] == [rest.json, part.json]
    assert states(buyer, path) == ("completed", "paid", "fulfilled")
    assert buyer.simulate_get(path).json["paid"] == eur(2500)
    assert kinds(buyer, path) == ["placed", "partly_paid", "paid", "fulfilled", "completed"]


def test_sent_and_paid_is_completed_too(buyer, keeper, path):
    fulfil(keeper, path)
    assert states(buyer, path) == ("open", "unpaid", "fulfilled")
    pay(keeper, path, 2500)

    assert states(buyer, path) == ("completed", "paid", "fulfilled")
    assert kinds(buyer, path) == ["placed", "fulfilled", "paid", "completed"]


def test_payments_may_not_pass_the_total(keeper, path):
    pay(keeper, path, 2000)

    over = pay(keeper, path, 501)

    assert refused(over, state="partly_paid", allowed=["cancellation", "payments", "fulfilments", "refunds"])
    assert over.json["due"] == eur(500)
    assert pay(keeper, path, 500).status_code == 201
    assert refused(pay(keeper, path, 1), state="paid", allowed=["cancellation", "fulfilments", "refunds"])
    assert pay(keeper, path, 0).json["code"] == "out-of-range"
    foreign = {"method": "cash", "amount": {"amount": 1, "currency": "USD"}}
    assert keeper.simulate_post(f"{path}/payments", json=foreign).json["code"] == "currency-mismatch"


def test_no_more_is_sent_than_was_ordered(buyer, keeper, path):
    part = fulfil(keeper, path, ("MUG", 1))

    assert (part.status_code, part.json["lines"]) == (201, [{"sku": "Mug", "quantity": 1}])
    assert states(buyer, path) == ("open", "unpaid", "partial")
    over = fulfil(keeper, path, ("mug", 1), ("mug", 1), ("tea", 1))
    assert refused(over, state="partial", allowed=["cancellation", "payments", "fulfilments"])
    assert over.json["remaining"] == {"Mug": 1}
    assert [error["pointer"] for error in over.json["errors"]] == ["/lines/0/sku", "/lines/1/sku"]
    assert fulfil(keeper, path, ("none", 1)).json["code"] == "unknown-item"
    rest = fulfil(keeper, path)
    assert rest.json["lines"] == [{"sku": "Mug", "quantity": 1}, {"sku": "tea", "quantity": 1}]
    assert refused(fulfil(keeper, path), state="fulfilled", allowed=["payments"])
    assert buyer.simulate_get(f"{path}/fulfilments").json["data"] == [rest.json, part.json]
    assert kinds(buyer, path) == ["placed", "partly_fulfilled", "fulfilled"]


def test_a_fulfilment_needs_no_body(keeper, path):
    assert keeper.simulate_post(f"{path}/fulfilments").status_code == 201


def test_a_buyer_cancels_what_is_unpaid_and_stock_returns_once(buyer, path, left):
    assert left() == {"Mug": 3, "tea": 4}

    first = cancel(buyer, path, reason="too slow")
    again = buyer.simulate_put(f"{path}/cancellation")

    assert (first.status_code, first.json["order_status"]) == (200, "cancelled")
    assert (again.status_code, again.json) == (200, first.json)
    assert left() == {"Mug": 5, "tea": 5}
    assert kinds(buyer, path) == ["placed", "cancelled"]


def test_only_a_shopkeeper_cancels_what_is_paid(buyer, keeper, path, left):
    pay(keeper, path, 1)

    assert refused(cancel(buyer, path), state="partly_paid", allowed=["payments"])
    assert left() == {"Mug": 3, "tea": 4}
    assert cancel(keeper, path).json["order_status"] == "cancelled"
    assert left() == {"Mug": 5, "tea": 5}


def test_only_a_shopkeeper_cancels_the_rest_of_what_is_sent_in_part(buyer, keeper, path, left):
    fulfil(keeper, path, ("mug", 1))

    assert refused(cancel(buyer, path), state="partial", allowed=["payments"])
    assert cancel(keeper, path).json["fulfilment_status"] == "fulfilled"
    assert left() == {"Mug": 4, "tea": 5}


def test_nobody_cancels_what_is_sent(keeper, path, left):
    fulfil(keeper, path)

    assert refused(cancel(keeper, path), state="fulfilled", allowed=["payments"])
    assert left() == {"Mug": 3, "tea": 4}


def test_a_cancelled_order_takes_no_step(buyer, keeper, path):
    cancel(buyer, path)

    assert refused(pay(keeper, path, 1), state="cancelled", allowed=[])
    assert refused(fulfil(keeper, path), state="cancelled", allowed=[])
    assert states(buyer, path) == ("cancelled", "paid", "none")  # nothing is due


def test_steps_are_for_shopkeepers(buyer, client, path):
    assert pay(buyer, path, 1).status_code == 403
    assert fulfil(buyer, path).status_code == 403
    assert cancel(client, path).status_code == 401


def test_a_cancellation_minds_if_match(buyer, keeper, path):
    stale = buyer.simulate_get(path).headers["ETag"]
    fresh = pay(keeper, path, 1) and keeper.simulate_get(path).headers["ETag"]

    assert keeper.simulate_put(f"{path}/cancellation", headers={"If-Match": stale}).status_code == 412
    assert keeper.simulate_put(f"{path}/cancellation", headers={"If-Match": fresh}).status_code == 200


@pytest.mark.parametrize("noun", ["payments", "fulfilments"])
def test_a_replayed_step_is_taken_once(keeper, path, noun):
    body = {"method": "cash", "amount": eur(100)} if noun == "payments" else {}
    headers = {"Idempotency-Key": "k"}

    first, again = (keeper.simulate_post(f"{path}/{noun}", json=body, headers=headers) for _ in range(2))
    other = keeper.simulate_post(f"{path}/{noun}", json={"method": "x"}, headers=headers)

    assert (again.status_code, again.content) == (201, first.content)
    assert len(keeper.simulate_get(f"{path}/{noun}").json["data"]) == 1
    assert other.status_code == 422
