"""Orders: all lines or none, at the prices of the moment, from stock that is there."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.shop.bodies import eur


def order(client, *lines, **fields):
    body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines], **fields}
    return client.simulate_post("/v1/orders", json=body)


def test_an_order_copies_names_prices_and_email(db, client_as):
    with db.write() as tx:
        make_item(tx, sku="Mug", stock=3, price=1000)
        make_item(tx, sku="tea", price=350, name="Tea")
    buyer = client_as(email="ada@kiosque.test")

    answer = order(buyer, ("mug", 2), ("tea", 1), note="ring twice")

    assert answer.status_code == 201
    placed = answer.json
    assert answer.headers["Location"] == f"/v1/orders/{placed['id']}"
    assert [(line["sku"], line["name"], line["quantity"], line["total"]) for line in placed["lines"]] == [
        ("Mug", "Mug", 2, eur(2000)),
        ("tea", "Tea", 1, eur(350)),
    ]
    assert placed["buyer"]["email"] == "ada@kiosque.test"
    assert (placed["subtotal"], placed["total"], placed["paid"]) == (eur(2350), eur(2350), eur(0))
    assert (placed["discount"], placed["shipping"], placed["tax"]) == (eur(0), eur(0), eur(0))
    assert (placed["order_status"], placed["payment_status"], placed["fulfilment_status"]) == (
        "open",
        "unpaid",
        "none",
    )
    assert (placed["note"], placed["shipping_address"]) == ("ring twice", None)
    assert [event["kind"] for event in placed["events"]] == ["placed"]
    assert buyer.simulate_get(answer.headers["Location"]).json == placed


def test_an_order_that_cannot_be_filled_takes_nothing_and_names_all_that_is_short(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)
        make_item(tx, sku="tea", stock=0)
        make_item(tx, sku="cup", stock=1)

    answer = order(client_as(), ("mug", 1), ("tea", 1), ("cup", 1), ("CUP", 1))

    assert answer.status_code == 409
    assert answer.json["code"] == "out-of-stock"
    assert answer.json["available"] == {"tea": 0, "cup": 1}
    assert [error["pointer"] for error in answer.json["errors"]] == ["/lines/1", "/lines/2", "/lines/3"]
    assert left() == {"mug": 3, "tea": 0, "cup": 1}


def test_an_order_of_more_units_than_one_may_have_takes_nothing(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="tea", stock=9)
        make_item(tx, sku="mug", stock=9, variant={"max_per_order": 2})

    answer = order(client_as(), ("tea", 9), ("mug", 2), ("MUG", 1))

    assert (answer.status_code, answer.json["code"], answer.json["max"]) == (409, "too-many-units", 2)
    assert [error["pointer"] for error in answer.json["errors"]] == [
        "/lines/1/quantity",
        "/lines/2/quantity",
    ]
    assert left() == {"tea": 9, "mug": 9}
    assert order(client_as(), ("mug", 2)).status_code == 201


def test_lines_of_one_sku_are_summed_whatever_its_case(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=5)

    placed = order(client_as(), ("mug", 2), ("MUG", 3)).json

    assert [(line["sku"], line["quantity"]) for line in placed["lines"]] == [("mug", 5)]
    assert left() == {"mug": 0}


def test_a_sku_that_is_not_for_sale_here_is_unknown(db, client_as):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=1)
        make_item(tx, sku="draft", status="draft")
        make_item(tx, sku="archived", status="archived")
        make_item(tx, sku="external", kind="external")

    answer = order(client_as("shopkeeper"), *((s, 1) for s in ("mug", "draft", "archived", "external", "no")))

    assert answer.status_code == 409
    assert answer.json["code"] == "unknown-item"
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/lines/{n}/sku" for n in (1, 2, 3, 4)]


def test_an_expected_total_must_be_the_total(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=1, price=1000)
    buyer = client_as()

    changed = order(buyer, ("mug", 1), expected_total=eur(999))
    foreign = order(buyer, ("mug", 1), expected_total={"amount": 1000, "currency": "USD"})
    placed = order(buyer, ("mug", 1), expected_total=eur(1000))

    assert (changed.status_code, changed.json["code"], changed.json["total"]) == (
        409,
        "price-changed",
        eur(1000),
    )
    assert (foreign.status_code, foreign.json["code"]) == (409, "currency-mismatch")
    assert foreign.json["errors"][0]["pointer"] == "/expected_total"
    assert placed.status_code == 201
    assert left() == {"mug": 0}


def test_a_total_may_not_pass_a_million_millions(db, client_as):
    with db.write() as tx:
        make_item(tx, sku="gold", price=10**11)
    buyer = client_as()

    assert order(buyer, ("gold", 10)).status_code == 201
    assert order(buyer, ("gold", 11)).json["code"] == "total-too-large"


def test_an_order_of_nothing_to_pay_is_paid_at_once(db, client_as):
    with db.write() as tx:
        make_item(tx, sku="sample", price=0)

    placed = order(client_as(), ("sample", 1)).json

    assert (placed["order_status"], placed["payment_status"]) == ("open", "paid")
    assert [event["kind"] for event in placed["events"]] == ["placed", "paid"]


def test_an_order_of_others_is_not_found_byte_for_byte(db, client_as):
    with db.write() as tx:
        make_item(tx, sku="mug")
    path = order(client_as(), ("mug", 1)).headers["Location"]
    other = client_as()

    for suffix in ("", "/payments", "/fulfilments"):
        theirs = other.simulate_get(path + suffix, headers={"X-Request-ID": "x"})
        nobodys = other.simulate_get(f"/v1/orders/ord_{'0' * 26}{suffix}", headers={"X-Request-ID": "x"})
        assert theirs.status_code == 404
        assert theirs.content == nobodys.content
    assert other.simulate_put(path + "/cancellation").status_code == 404
    assert client_as("shopkeeper").simulate_get(path).status_code == 200


def test_an_order_does_not_change_with_its_item(db, client_as):
    with db.write() as tx:
        item = make_item(tx, sku="mug", stock=2)
    buyer, keeper = client_as(), client_as("shopkeeper")
    placed = order(buyer, ("mug", 1))

    keeper.simulate_patch(f"/v1/items/{item.id}", json={"name": "Bowl"})
    keeper.simulate_patch("/v1/variants/mug", json={"price": eur(1)})
    assert buyer.simulate_get(placed.headers["Location"]).json == placed.json
    keeper.simulate_delete(f"/v1/items/{item.id}")
    assert buyer.simulate_get(placed.headers["Location"]).json == placed.json


def test_lists_are_newest_first_and_ones_own(db, client_as):
    with db.write() as tx:
        make_item(tx, sku="mug")
    ada, bob, keeper = client_as(), client_as(), client_as("shopkeeper")
    ids = [order(buyer, ("mug", 1)).json["id"] for buyer in (ada, bob, ada)]

    assert [o["id"] for o in ada.simulate_get("/v1/me/orders").json["data"]] == [ids[2], ids[0]]
    first = keeper.simulate_get("/v1/orders?limit=2")
    assert [o["id"] for o in first.json["data"]] == [ids[2], ids[1]]
    rest = keeper.simulate_get("/v1/orders", query_string=first.json["next"].partition("?")[2])
    assert [o["id"] for o in rest.json["data"]] == [ids[0]]
    assert rest.json["next"] is None
    assert keeper.simulate_get("/v1/orders?order_status=cancelled").json["data"] == []
    assert ada.simulate_get("/v1/orders").status_code == 403


def test_a_replayed_order_is_placed_once(db, client_as, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=2)
    buyer = client_as()
    body = {"lines": [{"sku": "mug", "quantity": 1}]}

    first, again = (
        buyer.simulate_post("/v1/orders", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)
    )

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert left() == {"mug": 1}


@pytest.mark.parametrize(
    ("lines", "code", "pointer"),
    [
        ([], "too-few", "/lines"),
        ([{"sku": "mug", "quantity": 1}] * 101, "too-many-lines", "/lines"),
        ([{"sku": "mug", "quantity": 0}], "out-of-range", "/lines/0/quantity"),
        ([{"sku": "mug", "quantity": 10_001}], "out-of-range", "/lines/0/quantity"),
        ([{"sku": "mug", "quantity": "1"}], "invalid-type", "/lines/0/quantity"),
        ([{"sku": "m ug", "quantity": 1}], "invalid-format", "/lines/0/sku"),
        ([{"sku": "mug", "quantity": 1, "price": 1}], "unknown-field", "/lines/0/price"),
        ([{"sku": "mug"}], "required", "/lines/0/quantity"),
    ],
)
def test_a_line_of_a_bad_form_is_refused(client_as, lines, code, pointer):
    answer = client_as().simulate_post("/v1/orders", json={"lines": lines})

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["pointer"] == pointer
