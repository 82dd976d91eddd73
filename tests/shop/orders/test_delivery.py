"""Addresses and notes of an order change as long as they change no amount, and nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.settings import Settings
from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.bodies import eur

NOUN = Noun(
    roles="""
    PATCH  /v1/orders/{order}                            own   401 401 403 403 403 200 200 403
    PATCH  /v1/orders/{order}                            other 401 401 403 403 403 200 200 403
    PATCH  /v1/orders/{order}/fulfilments/{fulfilment}   own   401 401 403 403 403 200 200 403
    PATCH  /v1/orders/{order}/fulfilments/{fulfilment}   other 401 401 403 403 403 200 200 403
    """,
    bodies={
        ("PATCH", "/v1/orders/{order}"): {"staff_note": "Called."},
        ("PATCH", "/v1/orders/{order}/fulfilments/{fulfilment}"): {"tracking": "HP 1"},
    },
)

BREST = {"name": "Ada", "line1": "Quay 1", "city": "Brest", "postcode": "29200", "country": "FR"}


@pytest.fixture
def settings(settings) -> Settings:
    return replace(settings, country="FR", tax_place="destination")


@pytest.fixture
def buyer(client_as):
    return client_as("customer")


@pytest.fixture
def order(db, buyer, keeper) -> dict[str, Any]:
    """A mug at 10.00 by parcel to France, where VAT is 20 %; in Belgium it is 21 %."""
    with db.write() as tx:
        make_item(tx, sku="mug", stock=7, price=1000)
    for name, countries, price in (("Parcel", ["FR", "BE"], 500), ("Far parcel", ["DE"], 900)):
        body = {"name": name, "countries": countries, "price": eur(price)}
        assert keeper.simulate_post("/v1/shipping-methods", json=body).status_code == 201
    for country, rate in (("FR", "20"), ("BE", "21")):
        body = {"class": "standard", "country": country, "name": "VAT", "rate": rate}
        assert keeper.simulate_post("/v1/tax-rates", json=body).status_code == 201
    body = {"lines": [{"sku": "mug", "quantity": 1}], "shipping_address": BREST}
    placed = buyer.simulate_post("/v1/orders", json=body)
    assert placed.status_code == 201, placed.text
    return placed.json


@pytest.fixture
def change(keeper, order):
    return lambda **fields: keeper.simulate_patch(f"/v1/orders/{order['id']}", json=fields)


def test_a_part_of_an_address_is_corrected(change, order):
    changed = change(shipping_address={"line1": "Quay 2", "company": "Fog & Co"}, staff_note="Called.")

    corrected = order["shipping_address"] | {"line1": "Quay 2", "company": "Fog & Co"}
    assert (changed.status_code, changed.json["shipping_address"]) == (200, corrected)
    assert (changed.json["staff_note"], changed.json["version"]) == ("Called.", order["version"] + 1)
    assert changed.json["events"][-1]["kind"] == "changed"
    assert change(staff_note="Called.").json == changed.json


def test_buyers_never_see_the_note_of_the_staff(change, buyer, order):
    noted = change(staff_note="A nuisance.")

    assert noted.json["staff_note"] == "A nuisance."
    assert buyer.simulate_get(f"/v1/orders/{order['id']}").json["staff_note"] is None


def test_a_place_of_another_price_or_tax_is_refused(change):
    other_tax = change(shipping_address={"country": "BE"})
    other_parcel = change(shipping_address={"country": "DE"})
    no_parcel = change(shipping_address={"country": "US"})

    assert (other_tax.status_code, other_tax.json["code"]) == (409, "price-changed")
    assert (other_parcel.status_code, other_parcel.json["code"]) == (409, "price-changed")
    assert other_parcel.json["total"] == eur(1900)
    assert (no_parcel.status_code, no_parcel.json["code"]) == (409, "shipping-unavailable")
    assert change(shipping_address=None).json["code"] == "address-required"
    assert change(billing_address={"city": "Gent"}).json["code"] == "address-required"
    assert change(billing_address=BREST | {"country": "BE"}).status_code == 200


def test_what_nobody_ships_is_taxed_where_the_invoice_goes(db, buyer, keeper, order):
    with db.write() as tx:
        make_item(tx, sku="book", price=1210, kind="digital")
    body = {"lines": [{"sku": "book", "quantity": 1}], "billing_address": BREST | {"country": "BE"}}

    placed = buyer.simulate_post("/v1/orders", json=body).json
    quoted = buyer.simulate_post("/v1/quotes", json={"lines": body["lines"], "country": "BE"}).json
    path = f"/v1/orders/{placed['id']}"
    elsewhere = keeper.simulate_patch(path, json={"billing_address": BREST})
    nearby = keeper.simulate_patch(path, json={"billing_address": {"city": "Gent"}})

    assert placed["taxes"] == quoted["taxes"]
    assert (placed["taxes"][0]["rate"], placed["tax"]) == ("21", eur(210))
    assert (elsewhere.status_code, elsewhere.json["code"]) == (409, "price-changed")
    assert nearby.status_code == 200


def test_an_address_stays_once_something_is_sent(change, keeper, order):
    path = f"/v1/orders/{order['id']}/fulfilments"
    sent = keeper.simulate_post(path, json={"carrier": "Harbour Post"}).json

    refused = change(shipping_address={"line1": "Quay 3"})
    to_another = change(billing_address=BREST)
    corrected = keeper.simulate_patch(f"{path}/{sent['id']}", json={"tracking": "HP 1"})

    assert (refused.status_code, refused.json["code"]) == (409, "invalid-state")
    assert (to_another.status_code, to_another.json["code"]) == (409, "invalid-state")
    assert corrected.json == sent | {"tracking": "HP 1"}
    assert change(staff_note="Sent.").status_code == 200


def test_a_physical_item_needs_an_address_where_there_are_ways_to_ship(order, buyer):
    answer = buyer.simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]})

    assert (answer.status_code, answer.json["code"]) == (409, "address-required")


def test_a_stale_total_is_answered_with_the_new_quote(order, buyer):
    body = {"lines": [{"sku": "mug", "quantity": 1}], "shipping_address": BREST, "expected_total": eur(1499)}

    answer = buyer.simulate_post("/v1/orders", json=body)

    assert (answer.status_code, answer.json["code"]) == (409, "price-changed")
    assert (answer.json["total"], answer.json["quote"]["total"]) == (eur(1500), eur(1500))
    assert answer.json["quote"]["lines"][0]["available"] == 6
