"""An order comes to what its quote said, and uses its coupons as often as they may be used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from falcon.testing import TestClient

from api.app import create_app
from tests.factories import CHEAP_HASHER, make_account, make_item, sign_in
from tests.shop.prices import euros, make_coupon, make_method, make_rate

ADDRESS = {"name": "Ada", "line1": "1 Quay", "city": "Brest", "postcode": "29200", "country": "DE"}
SUMS = (
    "subtotal", "discount", "shipping", "shipping_tax", "tax", "taxes", "total", "prices_include_tax",
    "shipping_method",
)  # fmt: skip
BUYERS, LIMIT = 8, 5


@pytest.fixture
def shop(db):
    with db.write() as tx:
        make_item(tx, sku="mug", price=1_999, stock=90, variant={"weight_g": 400})
        make_item(tx, sku="book", price=1_234, name="Book", tax_class="books")
        for country, rate in (("FR", "20"), ("DE", "19")):
            make_rate(tx, rate, country)
        make_rate(tx, "5.5", "*", tax_class="books")
        make_method(tx, 490, countries=("DE", "FR"), brackets={1_000: 0, 9_000: 255})
        make_coupon(tx, "SEVENTH", percent=7)
        make_coupon(tx, "fiver", amount=euros(501))


@pytest.mark.parametrize("prices", ["include-tax", "exclude-tax"])
@pytest.mark.parametrize("place", ["home", "destination"])
def test_an_order_comes_to_what_its_quote_said(db, settings, shop, prices, place):
    app = create_app(replace(settings, country="FR", prices=prices, tax_place=place), db, CHEAP_HASHER)
    with db.write() as tx:
        token = sign_in(tx, make_account(tx))
    buyer = TestClient(app, headers={"Authorization": f"Bearer {token}"})
    body = {
        "lines": [{"sku": "mug", "quantity": 3}, {"sku": "book", "quantity": 2}],
        "coupons": ["fiver", "seventh"],
    }

    quote = buyer.simulate_post("/v1/quotes", json={**body, "country": "DE"}).json
    placed = buyer.simulate_post(
        "/v1/orders", json={**body, "shipping_address": ADDRESS, "expected_total": quote["total"]}
    )

    assert placed.status_code == 201
    order = placed.json
    assert {name: order[name] for name in SUMS} == {name: quote[name] for name in SUMS}
    for name in ("total", "discount", "tax"):
        assert [line[name] for line in order["lines"]] == [line[name] for line in quote["lines"]]
    taken = {each["code"]: each["amount"] for each in quote["coupons"]}
    assert {each["code"]: each["amount"] for each in order["coupons"]} == taken


def test_a_coupon_is_used_as_often_as_it_may_be_whoever_buys_and_cancels_at_once(db, client_as, shop):
    with db.write() as tx:
        make_coupon(tx, "RARE", usage_limit=LIMIT)
    buyers, keeper = [client_as() for _ in range(BUYERS)], client_as("shopkeeper")
    body = {
        "lines": [{"sku": "mug", "quantity": 1}],
        "coupons": ["rare"],
        "shipping_address": ADDRESS,
    }

    def shopping(buyer):
        answers = []
        for _ in range(3):
            answer = buyer.simulate_post("/v1/orders", json=body)
            answers.append(answer)
            if answer.status_code == 201:
                buyer.simulate_put(f"{answer.headers['Location']}/cancellation", json={})
        return [*answers, buyer.simulate_post("/v1/orders", json=body)]

    with ThreadPoolExecutor(BUYERS) as pool:
        answers = [answer for made in pool.map(shopping, buyers) for answer in made]

    refused = [answer.json for answer in answers if answer.status_code != 201]
    assert {(each["code"], each["reason"]) for each in refused} <= {("coupon-not-applicable", "used-up")}
    (coupon,) = (each for each in keeper.simulate_get("/v1/coupons").json["data"] if each["code"] == "RARE")
    standing = keeper.simulate_get("/v1/orders?order_status=open").json["data"]
    assert coupon["used"] == len(standing) == min(LIMIT, len(standing))


def test_an_order_is_not_placed_with_a_coupon_that_does_not_apply(db, client_as, shop, left):
    answer = client_as().simulate_post(
        "/v1/orders",
        json={
            "lines": [{"sku": "mug", "quantity": 1}],
            "coupons": ["fiver", "none"],
            "shipping_address": ADDRESS,
        },
    )

    assert (answer.status_code, answer.json["reason"]) == (409, "unknown")
    assert answer.json["errors"][0]["pointer"] == "/coupons/1"
    assert left()["mug"] == 90
