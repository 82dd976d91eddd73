"""Quotes over HTTP: anybody asks, nothing is stored, every sum holds."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.bodies import eur
from tests.shop.prices import make_coupon, make_method, make_rate

NOUN = Noun(
    roles="""
POST   /v1/quotes                             -                200 401 200 200 200 200 200 200
""",
    bodies={
        ("POST", "/v1/quotes"): lambda world: {
            "lines": [{"sku": world.item().variants[0].sku, "quantity": 1}]
        }
    },
)


@pytest.fixture
def shop(db):
    with db.write() as tx:
        make_item(tx, sku="mug", price=1_900, stock=3)
        make_item(tx, sku="book", price=1_000, name="Book", tax_class="books")
        make_rate(tx, "20", "*")
        make_rate(tx, "5.5", "*", tax_class="books")
        make_coupon(tx, "TENTH")
        return make_method(tx, 490).id


def ask(client, *lines, **terms):
    body = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines], **terms}
    return client.simulate_post("/v1/quotes", json=body)


def test_a_quote_shows_every_sum_and_stores_nothing(client, shop, left):
    answer = ask(client, ("mug", 5), ("BOOK", 1), coupons=["tenth", "none"], country="FR")

    assert answer.status_code == 200
    quote = answer.json
    assert [(line["sku"], line["quantity"], line["available"]) for line in quote["lines"]] == [
        ("mug", 5, 3),
        ("book", 1, None),
    ]
    assert quote["coupons"] == [
        {"code": "TENTH", "applied": True, "reason": None, "amount": eur(1_050)},
        {"code": "none", "applied": False, "reason": "unknown", "amount": eur(0)},
    ]
    assert quote["shipping_options"] == [{"method": shop, "name": "Parcel", "price": eur(490)}]
    assert quote["shipping_method"] == {"id": shop, "name": "Parcel", "price": eur(490)}
    assert quote["taxes"] == [
        {"name": "VAT", "rate": "20", "net": eur(7_533), "amount": eur(1_507)},
        {"name": "VAT", "rate": "5.5", "net": eur(853), "amount": eur(47)},
    ]
    sums = {name: quote[name]["amount"] for name in ("subtotal", "discount", "shipping", "tax", "total")}
    assert sums == {"subtotal": 10_500, "discount": 1_050, "shipping": 490, "tax": 1_554, "total": 9_940}
    tax = sum(line["tax"]["amount"] for line in quote["lines"]) + quote["shipping_tax"]["amount"]
    assert tax == sums["tax"]
    assert left()["mug"] == 3


def test_what_is_not_for_sale_has_no_quote(client, shop):
    answer = ask(client, ("mug", 1), ("none", 1))

    assert (answer.status_code, answer.json["code"]) == (409, "unknown-item")
    assert answer.json["errors"][0]["pointer"] == "/lines/1/sku"


@pytest.mark.parametrize(
    ("lines", "terms", "status", "code"),
    [
        ([("mug", 1)], {"shipping_method": "shm_1"}, 409, "shipping-unavailable"),
        ([("mug", 1)], {"country": "UK"}, 422, "invalid-format"),
        ([("mug", 1)], {"coupons": ["a"] * 6}, 422, "too-many"),
        ([("mug", 10_000)] * 100, {}, 409, "total-too-large"),
        ([], {}, 422, "too-few"),
    ],
)
def test_a_quote_is_refused_for_what_an_order_could_never_have(client, db, shop, lines, terms, status, code):
    with db.write() as tx:
        make_item(tx, sku="gold", name="Gold", price=10**11)
    if code == "total-too-large":
        lines = [("gold", 10_000)] * 100

    answer = ask(client, *lines, **terms)

    assert answer.status_code == status
    assert code in (answer.json["code"], "too-many")


def test_a_coupon_of_ones_own_is_known_to_a_quote(client, client_as, db, shop):
    with db.write() as tx:
        make_coupon(tx, "first", per_customer=1)

    answers = [ask(who, ("mug", 1), coupons=["first"]).json["coupons"] for who in (client, client_as())]

    assert [coupons[0]["applied"] for coupons in answers] == [True, True]
