"""Properties of items, and the address where an external one is sold."""

from __future__ import annotations

import pytest

from tests.shop.bodies import eur, shirt

WOOL, GTIN = {"name": "Material", "value": "Merino"}, {"name": "GTIN", "value": "4006381333931"}
LINK = "https://shop.example/bell?ref=k#top"


@pytest.fixture
def found(client):
    def found(q: str) -> list[str]:
        return [item["name"] for item in client.simulate_get("/v1/items", params={"q": q}).json["data"]]

    return found


@pytest.fixture
def bell(keeper):
    body = {"name": "Bell", "kind": "external", "status": "published", "external_url": LINK}
    return keeper.simulate_post("/v1/items", json={**body, "variants": [{"sku": "bell", "price": eur(1)}]})


def test_properties_keep_their_order_and_repeat(keeper):
    properties = [GTIN, WOOL, WOOL]

    made = keeper.simulate_post("/v1/items", json=shirt(properties=properties))
    path = made.headers["Location"]

    assert made.json["properties"] == keeper.simulate_get(path).json["properties"] == properties
    assert keeper.simulate_patch(path, json={"properties": [WOOL]}).json["properties"] == [WOOL]
    assert keeper.simulate_patch(path, json={"properties": None}).json["properties"] == []


def test_a_search_finds_the_properties_that_an_item_has_now(keeper, found):
    path = keeper.simulate_post("/v1/items", json=shirt(properties=[WOOL])).headers["Location"]
    first = [found(q) for q in ("merino", "MATERIAL shirt", GTIN["value"])]

    keeper.simulate_patch(path, json={"properties": [GTIN]})

    assert first == [["Shirt"], ["Shirt"], []]
    assert [found(q) for q in ("merino", GTIN["value"])] == [[], ["Shirt"]]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ([WOOL] * 51, "too-many-lines"),
        ([{"name": "Material"}], "required"),
        ([{**WOOL, "unit": "g"}], "unknown-field"),
        ([{**WOOL, "name": ""}], "too-short"),
        ([{**WOOL, "name": "x" * 61}], "too-long"),
        ([{**WOOL, "value": "x" * 1001}], "too-long"),
        ([{**WOOL, "value": "\u200b"}], "invalid-format"),
        ([{**WOOL, "value": 7}], "invalid-type"),
        ({"Material": "Wool"}, "invalid-type"),
    ],
)
def test_properties_out_of_bounds_are_refused(keeper, properties, code):
    answer = keeper.simulate_post("/v1/items", json=shirt(properties=properties))

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["pointer"].startswith("/properties")


def test_as_many_and_as_long_properties_as_allowed_are_stored(keeper):
    properties = [{"name": "n" * 60, "value": "\u00e9" * 1000}] * 50

    made = keeper.simulate_post("/v1/items", json=shirt(properties=properties))

    assert made.json["properties"] == properties


def test_an_external_item_shows_where_it_is_sold_and_is_not_sold_here(client, client_as, bell):
    shown = client.simulate_get("/v1/items/bell").json
    order = client_as().simulate_post("/v1/orders", json={"lines": [{"sku": "bell", "quantity": 1}]})

    assert (bell.status_code, shown["external_url"]) == (201, LINK)
    assert (order.status_code, order.json["code"]) == (409, "unknown-item")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "external"}, "required"),
        ({"kind": "external", "external_url": None}, "required"),
        ({"external_url": LINK}, "unknown-field"),
        ({"kind": "digital", "external_url": LINK}, "unknown-field"),
        ({"kind": "external", "external_url": "javascript:alert(1)"}, "invalid-format"),
        ({"kind": "external", "external_url": "//shop.example/bell"}, "invalid-format"),
        ({"kind": "external", "external_url": "/bell"}, "invalid-format"),
        ({"kind": "external", "external_url": "ftp://shop.example"}, "invalid-format"),
        ({"kind": "external", "external_url": "https://"}, "invalid-format"),
        ({"kind": "external", "external_url": "https://a/" + "x" * 1991}, "too-long"),
    ],
)
def test_an_item_has_an_external_url_just_if_it_is_external(keeper, fields, code):
    answer = keeper.simulate_post("/v1/items", json=shirt(**fields))

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["pointer"] == "/external_url"


def test_the_external_url_goes_with_the_kind(keeper, bell):
    path = bell.headers["Location"]

    def patch(**change):
        answer = keeper.simulate_patch(path, json=change)
        return answer.status_code, answer.json.get("code", answer.json.get("external_url"))

    assert patch(external_url=None) == (409, "external-url-required")
    assert patch(external_url="http://other.example") == (200, "http://other.example")
    assert patch(kind="physical", external_url=LINK) == (422, "unknown-field")
    assert patch(kind="physical") == (200, None)
    assert patch(external_url=LINK) == (422, "unknown-field")
    assert patch(kind="external") == (409, "external-url-required")
    assert patch(kind="external", external_url=LINK) == (200, LINK)
    assert patch(name="Gong") == (200, LINK)
