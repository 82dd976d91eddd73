"""The catalogue over HTTP: what a shopkeeper makes, and what everyone may see of it."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.shop.bodies import eur, shirt


def test_an_item_is_shown_as_it_was_made(client, keeper):
    made = keeper.simulate_post(
        "/v1/items",
        json=shirt(
            summary="Soft",
            description="# Soft\n\n<script>x</script>",
            tags=["Wool", "wool"],
            categories=["Clothes"],
            images=[{"url": "/s.png", "alt": "A shirt"}],
        ),
    )

    assert made.status_code == 201
    item = made.json
    assert made.headers["Location"] == f"/v1/items/{item['id']}"
    assert client.simulate_get(made.headers["Location"]).json == item
    assert (item["slug"], item["url"]) == ("shirt", "https://kiosque.test/item/?slug=shirt")
    assert (item["kind"], item["status"]) == ("physical", "published")
    assert item["description"].startswith("# Soft")
    assert '<h1 id="text-soft">Soft</h1>' in item["description_html"]
    assert "<script" not in item["description_html"]
    assert (item["tags"], item["categories"]) == (
        [{"name": "Wool", "slug": "wool"}],
        [{"name": "Clothes", "slug": "clothes"}],
    )
    assert item["images"][0]["url"] == "/s.png"
    small = item["variants"][0]
    assert (small["sku"], small["name"], small["options"]) == ("shirt-S", "S", {"Size": "S"})
    assert (small["price"], small["compare_at"], small["on_sale"]) == (eur(2500), None, False)
    assert small["stock"] == {"tracked": True, "available": 5}


def test_what_is_left_out_is_null_or_empty_and_a_draft(keeper):
    item = keeper.simulate_post(
        "/v1/items", json={"name": "Tea", "variants": [{"sku": "tea", "price": eur(1)}]}
    ).json

    assert item["status"] == "draft"
    assert (item["summary"], item["description"], item["description_html"]) == (None, None, None)
    assert (item["tags"], item["categories"], item["images"], item["options"]) == ([], [], [], [])
    assert item["variants"][0]["stock"] == {"tracked": False, "available": None}


def test_only_shopkeepers_see_and_make_what_is_not_published(db, client, client_as, keeper):
    with db.write() as tx:
        make_item(tx, sku="mug", status="draft")

    for path in ("/v1/items/mug", "/v1/variants/mug"):
        assert client.simulate_get(path).status_code == 404
        assert client_as().simulate_get(path).status_code == 404
        assert keeper.simulate_get(path).status_code == 200
    assert client.simulate_get("/v1/items").json["data"] == []
    for status, seen in (("draft", 1), ("all", 1), ("published", 0), ("archived", 0)):
        query = {"status": status}
        refused = status != "published"
        assert client.simulate_get("/v1/items", params=query).status_code == (401 if refused else 200)
        assert client_as("editor").simulate_get("/v1/items", params=query).status_code == (
            403 if refused else 200
        )
        assert len(keeper.simulate_get("/v1/items", params=query).json["data"]) == seen
    assert client.simulate_post("/v1/items", json=shirt()).status_code == 401
    assert client_as("editor").simulate_post("/v1/items", json=shirt()).status_code == 403


def test_amounts_in_another_currency_are_all_named_at_once(keeper):
    yen = {"amount": 1, "currency": "JPY"}
    first = {"sku": "a", "price": eur(9), "sale": {"price": yen}}

    answer = keeper.simulate_post(
        "/v1/items", json={"name": "A", "variants": [first, {"sku": "b", "price": yen, "compare_at": yen}]}
    )

    assert (answer.json["code"], answer.json["currency"]) == ("currency-mismatch", "EUR")
    assert [error["pointer"] for error in answer.json["errors"]] == [
        "/variants/0/sale/price", "/variants/1/price", "/variants/1/compare_at"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"variants": [{"sku": "a", "price": eur(1)}, {"sku": "A", "price": eur(1)}]}, "sku-taken"),
        ({"variants": [{"sku": "MUG", "price": eur(1), "options": {"Size": "S"}}]}, "sku-taken"),
        ({"variants": [{"sku": "a", "price": eur(1)}]}, "options-mismatch"),
        ({"variants": [{"sku": "a", "price": eur(1), "options": {"Size": "L"}}]}, "options-mismatch"),
        ({"variants": [{"sku": "a", "price": eur(1), "options": {"Colour": "S"}}]}, "options-mismatch"),
        (
            {"variants": [{"sku": s, "price": eur(1), "options": {"Size": "S"}} for s in "ab"]},
            "options-mismatch",
        ),
        ({"options": [{"name": "Size", "values": ["S", "M", "S"]}]}, "options-mismatch"),
        ({"options": [{"name": "Size", "values": ["S", "M"]}] * 2}, "options-mismatch"),
        (
            {"variants": [{"sku": "a", "price": {"amount": 1, "currency": "USD"}, "options": {"Size": "S"}}]},
            "currency-mismatch",
        ),
        ({"slug": "mug"}, "slug-taken"),
    ],
)
def test_what_does_not_go_with_what_is_there_is_a_conflict(db, keeper, change, code):
    with db.write() as tx:
        make_item(tx, sku="mug")

    answer = keeper.simulate_post("/v1/items", json=shirt(**change))

    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert keeper.simulate_get("/v1/items/shirt").status_code == 404


def test_variants_without_options_differ_by_sku_alone(keeper):
    variants = [{"sku": sku, "price": eur(1)} for sku in "ab"]

    assert keeper.simulate_post("/v1/items", json={"name": "Tea", "variants": variants}).status_code == 201


@pytest.mark.parametrize(
    ("price", "code"),
    [
        (eur(-1), "out-of-range"),
        (eur(10**11 + 1), "out-of-range"),
        (eur(1.5), "invalid-type"),
        (eur("1"), "invalid-type"),
        (eur(True), "invalid-type"),
        ({"amount": 1, "currency": "eur"}, "invalid-format"),
        ({"amount": 1}, "required"),
        (1999, "invalid-type"),
    ],
)
def test_a_price_is_minor_units_and_a_currency(keeper, price, code):
    answer = keeper.simulate_post(
        "/v1/items", json={"name": "Tea", "variants": [{"sku": "tea", "price": price}]}
    )

    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_the_sitemap_holds_what_is_published(client, db):
    with db.write() as tx:
        make_item(tx, sku="mug", name="Mug")
        make_item(tx, sku="cup", name="Cup", status="draft")

    sitemap = client.simulate_get("/sitemap.xml").text

    assert "<loc>https://kiosque.test/item/?slug=mug</loc>" in sitemap
    assert "slug=cup" not in sitemap
