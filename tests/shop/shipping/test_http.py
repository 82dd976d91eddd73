"""Shipping methods and countries over HTTP."""

from __future__ import annotations

import pytest

from tests.nouns import Noun
from tests.shop.bodies import eur

PARCEL = {"name": "Parcel", "price": eur(490)}


def _make(world, _owner, _state):
    return world.client("shopkeeper").post("/v1/shipping-methods", PARCEL).json["id"]


NOUN = Noun(
    roles="""
GET    /v1/countries                          -                200 401 200 200 200 200 200 200
GET    /v1/shipping-methods                   -                200 401 200 200 200 200 200 200
POST   /v1/shipping-methods                   -                401 401 403 403 403 201 201 403
GET    /v1/shipping-methods/{method}          -                200 401 200 200 200 200 200 200
PATCH  /v1/shipping-methods/{method}          -                401 401 403 403 403 200 200 403
DELETE /v1/shipping-methods/{method}          -                401 401 403 403 403 204 204 403
""",
    bodies={
        ("POST", "/v1/shipping-methods"): PARCEL,
        ("PATCH", "/v1/shipping-methods/{method}"): {"position": 3},
    },
    makers={"{method}": _make},
)


@pytest.fixture
def add(keeper):
    return lambda **fields: keeper.simulate_post("/v1/shipping-methods", json={**PARCEL, **fields})


def test_a_method_has_its_brackets_by_weight_and_each_country_once(add):
    steps = [{"up_to_g": grams, "price": eur(price)} for grams, price in ((5_000, 300), (1_000, 0))]

    answer = add(countries=["FR", "DE", "FR"], brackets=steps, free_over=eur(5_000))

    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"],
        "name": "Parcel",
        "countries": ["FR", "DE"],
        "regions": [],
        "price": eur(490),
        "free_over": eur(5_000),
        "brackets": steps[::-1],
        "tax_class": "standard",
        "position": 0,
        "status": "active",
    }


def test_methods_are_listed_by_position_and_retired_ones_for_shopkeepers_alone(add, keeper, client):
    for position, name in ((7, "C"), (0, "A"), (7, "D"), (3, "B")):
        add(position=position, name=name)
    retired = add(position=5, name="Retired", status="retired").headers["Location"]

    def names(who):
        path, seen = "/v1/shipping-methods?limit=2", []
        while path:
            page = who.simulate_get(path).json
            seen += [method["name"] for method in page["data"]]
            path = page["next"]
        return seen

    assert names(client) == ["A", "B", "C", "D"]
    assert names(keeper) == ["A", "B", "Retired", "C", "D"]
    assert client.simulate_get(retired).status_code == 404
    assert keeper.simulate_get(retired).status_code == 200


def test_an_amount_is_merged_and_one_that_is_not_there_is_sent_whole(add, keeper):
    path = add().headers["Location"]

    part = keeper.simulate_patch(path, json={"free_over": {"currency": "EUR"}})
    whole = keeper.simulate_patch(path, json={"free_over": {"amount": 5_000}, "price": {"amount": 1}})
    cleared = keeper.simulate_patch(path, json={"free_over": None})

    assert (part.status_code, part.json["code"]) == (409, "amount-required")
    assert (whole.json["free_over"], whole.json["price"]) == (eur(5_000), eur(1))
    assert cleared.json["free_over"] is None


def test_a_method_is_priced_in_the_currency_of_the_shop(add):
    answer = add(price={"amount": 1, "currency": "USD"})

    assert (answer.status_code, answer.json["code"]) == (409, "currency-mismatch")


def test_a_deleted_method_is_gone(add, keeper):
    path = add().headers["Location"]

    assert keeper.simulate_delete(path).status_code == 204
    assert keeper.simulate_get(path).status_code == 404


def test_countries_are_named_in_the_language_of_the_client(client):
    def name(language):
        answer = client.simulate_get("/v1/countries", headers={"Accept-Language": language})
        return {country["code"]: country["name"] for country in answer.json["data"]}["DE"]

    assert [name(language) for language in ("fr-CA, en;q=0.5", "de", "tlh", "*")] == [
        "Allemagne", "Deutschland", "Germany", "Germany",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("methods", "served"),
    [([], {"FR", "US"}), ([["FR"]], {"FR"}), ([["FR"], []], {"FR", "US"})],
)
def test_a_country_is_served_if_a_method_goes_there(add, client, methods, served):
    for countries in methods:
        add(countries=countries)

    data = client.simulate_get("/v1/countries").json["data"]

    assert {country["code"] for country in data if country["ships"]} & {"FR", "US"} == served
    assert len(data) == 250
