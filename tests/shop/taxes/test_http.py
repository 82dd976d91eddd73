"""Tax rates over HTTP."""

from __future__ import annotations

import pytest

from tests.nouns import Noun

VAT = {"class": "standard", "country": "FR", "name": "VAT", "rate": "20"}


def _make(world, _owner, _state):
    return world.client("shopkeeper").post("/v1/tax-rates", {**VAT, "name": world.sku()}).json["id"]


NOUN = Noun(
    roles="""
GET    /v1/tax-rates                          -                401 401 403 403 403 200 200 403
POST   /v1/tax-rates                          -                401 401 403 403 403 201 201 403
GET    /v1/tax-rates/{tax_rate}               -                401 401 403 403 403 200 200 403
PATCH  /v1/tax-rates/{tax_rate}               -                401 401 403 403 403 200 200 403
DELETE /v1/tax-rates/{tax_rate}               -                401 401 403 403 403 204 204 403
""",
    bodies={
        ("POST", "/v1/tax-rates"): lambda world: {**VAT, "name": world.sku()},
        ("PATCH", "/v1/tax-rates/{tax_rate}"): {"rate": "19.6"},
    },
    makers={"{tax_rate}": _make},
)


@pytest.fixture
def add(keeper):
    return lambda **fields: keeper.simulate_post("/v1/tax-rates", json={**VAT, **fields})


def test_a_rate_is_shown_in_its_shortest_form(add):
    answer = add(rate="8.8750", region="New York", country="US")

    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"],
        "class": "standard",
        "country": "US",
        "region": "New York",
        "name": "VAT",
        "rate": "8.875",
    }


@pytest.mark.parametrize(
    "wrong",
    [{"rate": "100.1"}, {"rate": "-1"}, {"rate": "5,5"}, {"rate": "1.00001"}, {"rate": 20}, {"country": "EU"},
     {"class": "Two words"}, {"region": ""}, {"name": " "}],
)  # fmt: skip
def test_what_is_no_rate_is_refused(add, wrong):
    assert add(**wrong).status_code == 422


@pytest.mark.parametrize("region", [None, "Québec"])
def test_a_place_has_one_tax_of_a_class_and_name(add, keeper, region):
    first = add(country="CA", region=region).json
    other = add(country="CA", region=region, name="State").json

    again = add(country="CA", region=region and "QUEBEC", name="vat", rate="1")
    renamed = keeper.simulate_patch(f"/v1/tax-rates/{other['id']}", json={"name": "VAT"})
    elsewhere = add(country="CA", region=region, **{"class": "books"})

    assert {answer.status_code for answer in (again, renamed)} == {409}
    assert again.json["code"] == "in-use"
    assert again.json["uses"] == [{"kind": "tax_rate", "id": first["id"], "title": "VAT"}]
    assert elsewhere.status_code == 201


def test_a_rate_changes_by_merge_patch_and_goes(add, keeper):
    path = add(region="Corse").headers["Location"]

    changed = keeper.simulate_patch(path, json={"region": None, "class": "books"})
    gone = keeper.simulate_delete(path)

    assert (changed.json["region"], changed.json["class"], changed.json["rate"]) == (None, "books", "20")
    assert gone.status_code == 204
    assert keeper.simulate_get(path).status_code == 404
