"""Refunds: for what came back, for shipping, an amount or all of it, and never more than was paid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.bodies import eur

NOUN = Noun(
    roles="""
    GET    /v1/orders/{order}/refunds  own   401 401 200 200 200 200 200 403
    GET    /v1/orders/{order}/refunds  other 401 401 404 404 404 200 200 403
    POST   /v1/orders/{order}/refunds  own   401 401 403 403 403 409 409 403
    POST   /v1/orders/{order}/refunds  other 401 401 403 403 403 409 409 403
    """,
    bodies={("POST", "/v1/orders/{order}/refunds"): {}},
)


@pytest.fixture
def order(db, client_as, keeper) -> dict[str, Any]:
    """Three mugs at 10.00, paid by hand and sent; four are left."""
    with db.write() as tx:
        make_item(tx, sku="Mug", stock=7, price=1000)
    placed = client_as("customer").simulate_post("/v1/orders", json={"lines": order_lines(3)})
    path = f"/v1/orders/{placed.json['id']}"
    keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(3000)})
    keeper.simulate_post(f"{path}/fulfilments", json={})
    return placed.json


@pytest.fixture
def half_paid(client_as, keeper, order) -> str:
    """The path of another order, of one mug at 10.00, of which 5.00 are paid."""
    placed = client_as("customer").simulate_post("/v1/orders", json={"lines": order_lines(1)})
    path = f"/v1/orders/{placed.json['id']}"
    keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(500)})
    return path


@pytest.fixture
def refund(keeper, order):
    """Asks for a refund of the order."""
    return lambda **body: keeper.simulate_post(f"/v1/orders/{order['id']}/refunds", json=body)


@pytest.fixture
def now(keeper, order):
    """Reads the order."""
    return lambda: keeper.simulate_get(f"/v1/orders/{order['id']}").json


def test_units_that_came_back_are_refunded_and_for_sale_again(refund, now, left):
    made = refund(lines=[{"sku": "mug", "quantity": 2, "restock": True}], reason="Broken.")

    assert (made.status_code, made.json["state"], made.json["amount"]) == (201, "succeeded", eur(2000))
    after = now()
    assert (after["refunded"], after["credited"], after["due"]) == (eur(2000), eur(2000), eur(0))
    assert (after["payment_status"], after["order_status"]) == ("partly_refunded", "completed")
    assert after["lines"][0]["returned"] == 2
    assert left() == {"Mug": 6}
    assert after["events"][-1]["kind"] == "refunded"


def test_nothing_in_a_refund_means_all_that_is_left(refund, now, left):
    refund(amount=eur(100))

    rest = refund()

    assert rest.json["amount"] == eur(2900)
    assert (now()["payment_status"], now()["due"]) == ("refunded", eur(0))
    assert left() == {"Mug": 4}


def test_no_more_is_refunded_than_was_paid(refund, now):
    refund(amount=eur(2500))

    over = refund(amount=eur(501))

    assert (over.status_code, over.json["code"], over.json["refundable"]) == (409, "invalid-state", eur(500))
    assert [each["refundable"] for each in over.json["payments"]] == [eur(500)]
    assert now()["refunded"] == eur(2500)
    assert refund(lines=[{"sku": "mug", "quantity": 1}]).status_code == 409


def test_no_more_units_come_back_than_were_sent(refund):
    refund(lines=[{"sku": "mug", "quantity": 1}])

    over = refund(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "mug", "quantity": 1}])

    assert (over.status_code, over.json["code"], over.json["remaining"]) == (409, "invalid-state", {"Mug": 2})
    assert refund(lines=[{"sku": "none", "quantity": 1}]).json["code"] == "unknown-item"


@pytest.mark.parametrize("beside", [{"lines": [{"sku": "mug", "quantity": 1}]}, {"shipping": eur(1)}])
def test_an_amount_stands_alone(refund, beside):
    answer = refund(amount=eur(1), **beside)

    assert (answer.status_code, answer.json["code"]) == (409, "refund-ambiguous")


def test_a_refund_names_one_of_the_payments_of_its_order(refund):
    answer = refund(payment="pay_01kat8xq6hv3zj5r2m9w4n7bcd")

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    assert refund(shipping=eur(1)).status_code == 409  # nothing was paid for shipping
    assert refund(amount={"amount": 1, "currency": "USD"}).json["code"] == "currency-mismatch"


def test_a_refund_of_a_payment_alone_is_all_that_is_left_of_it(keeper, half_paid):
    keeper.simulate_post(f"{half_paid}/payments", json={"method": "card", "amount": eur(300)})
    newer, older = keeper.simulate_get(f"{half_paid}/payments").json["data"]

    both = keeper.simulate_post(f"{half_paid}/refunds", json={})
    one = keeper.simulate_post(f"{half_paid}/refunds", json={"payment": older["id"]})

    assert both.status_code == 409
    assert [each["id"] for each in both.json["payments"]] == [newer["id"], older["id"]]
    assert (one.status_code, one.json["payment"], one.json["amount"]) == (201, older["id"], eur(500))


def test_a_refund_of_an_order_that_is_not_paid_in_full_never_makes_it_paid(keeper, half_paid):
    keeper.simulate_post(f"{half_paid}/fulfilments", json={})

    keeper.simulate_post(f"{half_paid}/refunds", json={})

    after = keeper.simulate_get(half_paid).json
    assert (after["payment_status"], after["due"]) == ("refunded", eur(500))
    assert (after["order_status"], after["fulfilment_status"]) == ("open", "fulfilled")
    assert "completed" not in [event["kind"] for event in after["events"]]


def test_a_repeated_refund_sends_money_once(keeper, order, now):
    path, headers = f"/v1/orders/{order['id']}/refunds", {"Idempotency-Key": "k"}

    first, again = (keeper.simulate_post(path, json={}, headers=headers) for _ in range(2))

    assert (again.status_code, again.content) == (201, first.content)
    assert now()["refunded"] == eur(3000)


def test_a_paid_order_that_is_cancelled_is_refunded(client_as, keeper, order, left):
    buyer = client_as("customer")
    path = f"/v1/orders/{buyer.simulate_post('/v1/orders', json={'lines': order_lines(2)}).json['id']}"
    keeper.simulate_post(f"{path}/payments", json={"method": "cash", "amount": eur(2000)})

    part = keeper.simulate_put(f"{path}/cancellation", json={"lines": order_lines(1)})
    again = keeper.simulate_put(f"{path}/cancellation", json={"lines": order_lines(1)})
    whole = keeper.simulate_put(f"{path}/cancellation")
    fewer = keeper.simulate_put(f"{path}/cancellation", json={"lines": order_lines(1)})

    assert (part.json["refunded"], part.json["credited"]) == (eur(1000), eur(1000))
    assert (part.json["order_status"], part.json["payment_status"]) == ("open", "partly_refunded")
    assert again.json == part.json
    assert (whole.json["order_status"], whole.json["payment_status"]) == ("cancelled", "refunded")
    assert (fewer.status_code, fewer.json["code"]) == (409, "invalid-state")
    assert left() == {"Mug": 4}


def order_lines(quantity: int) -> list[dict[str, Any]]:
    return [{"sku": "mug", "quantity": quantity}]
