"""The rest of a variant: its weight, how many one order may have, and the files that belong to it."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.bodies import shirt

NOUN = Noun(
    breaking={
        "ck_variants_weight_g": "UPDATE variants SET weight_g = -1",
        "ck_variants_max_per_order": "UPDATE variants SET max_per_order = 0",
    }
)
GUIDE = {"path": "guides/care.pdf", "media": None, "name": "Care"}


@pytest.fixture
def path(db):
    with db.write() as tx:
        make_item(tx, sku="mug")
    return "/v1/variants/mug"


def test_a_variant_says_its_weight_and_how_many_one_order_has(client, keeper, path):
    said = {"weight_g": 350, "max_per_order": 2}

    changed = keeper.simulate_patch(path, json=said)

    assert changed.json.items() >= said.items()
    assert client.simulate_get(path).json.items() >= said.items()
    assert keeper.simulate_patch(path, json={"weight_g": None}).json["weight_g"] is None
    assert keeper.simulate_patch(path, json={}).json["max_per_order"] == 2


def test_an_entry_of_an_item_says_the_same_of_its_variant(keeper):
    shirts = shirt()
    shirts["variants"][0] |= {"weight_g": 150, "max_per_order": 3, "downloads": [GUIDE]}
    item = keeper.simulate_post("/v1/items", json=shirts).json

    changed = keeper.simulate_patch(
        f"/v1/items/{item['id']}", json={"variants": [{"sku": "shirt-S", "weight_g": 160}]}
    ).json

    assert changed["variants"] == [{**item["variants"][0], "weight_g": 160, "version": 2}]


def test_an_item_has_the_standard_tax_class_unless_it_says_otherwise(keeper):
    item = keeper.simulate_post("/v1/items", json=shirt()).json
    path = f"/v1/items/{item['id']}"

    reduced = keeper.simulate_patch(path, json={"tax_class": "reduced-rate"}).json

    assert (item["tax_class"], reduced["tax_class"]) == ("standard", "reduced-rate")
    assert keeper.simulate_patch(path, json={"tax_class": None}).json["tax_class"] == "standard"
    assert keeper.simulate_patch(path, json={"tax_class": "Two words"}).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [("weight_g", -1), ("weight_g", 1.5), ("max_per_order", 0), ("max_per_order", "2")],
)
def test_a_weight_or_a_limit_that_cannot_be_is_refused(keeper, path, field, value):
    answer = keeper.simulate_patch(path, json={field: value})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == f"/{field}"


def test_only_shopkeepers_see_the_files_of_a_variant(client, client_as, keeper, path):
    changed = keeper.simulate_patch(path, json={"downloads": [GUIDE]}).json

    assert changed["downloads"] == [GUIDE]
    for stranger in (client, client_as(), client_as("editor")):
        assert stranger.simulate_get(path).json["downloads"] == []
        assert stranger.simulate_get("/v1/items/mug").json["variants"][0]["downloads"] == []
    assert keeper.simulate_get("/v1/items").json["data"][0]["variants"][0]["downloads"] == [GUIDE]


@pytest.mark.parametrize(
    "outside",
    [
        *("", "/etc/passwd", "..", "../secret", "guides/../../secret", "guides/..", "./care.pdf"),
        *("a//b", "a/", "a\\..\\b", "care\0.pdf", "care\n.pdf"),
    ],
)
def test_a_file_lies_below_the_folder_of_files(keeper, path, outside):
    answer = keeper.simulate_patch(path, json={"downloads": [{**GUIDE, "path": outside}]})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/downloads/0/path"


@pytest.mark.parametrize("inside", ["care.pdf", "..care", "a..b/c...d", "été/guide 2.pdf", ".hidden"])
def test_a_file_may_have_any_name_below_it(keeper, path, inside):
    answer = keeper.simulate_patch(path, json={"downloads": [{**GUIDE, "path": inside}]})

    assert answer.json["downloads"] == [{**GUIDE, "path": inside}]
