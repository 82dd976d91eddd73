"""The catalogue over HTTP: what a shopkeeper makes, and what everyone may see of it."""

from __future__ import annotations

import pytest

from tests.factories import make_item


def eur(amount):
    return {"amount": amount, "currency": "EUR"}


def shirt(**fields):
    sizes = ("S", "M")
    return {
        "name": "Shirt",
        "status": "published",
        "options": [{"name": "Size", "values": list(sizes)}],
        "variants": [
            {"sku": f"shirt-{size}", "price": eur(2500), "options": {"Size": size}, "stock": 5}
            for size in sizes
        ],
        **fields,
    }


@pytest.fixture
def keeper(client_as):
    return client_as("shopkeeper")


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
    assert "<h1>Soft</h1>" in item["description_html"]
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


def test_a_patch_changes_what_it_names_and_null_clears(keeper):
    item = keeper.simulate_post(
        "/v1/items", json=shirt(summary="Soft", tags=["wool"], images=[{"url": "/a"}])
    ).json
    path = f"/v1/items/{item['id']}"

    renamed = keeper.simulate_patch(path, json={"name": "Blouse"}).json
    cleared = keeper.simulate_patch(path, json={"summary": None, "tags": None}).json

    assert {**renamed, "updated_at": None} == {**item, "name": "Blouse", "updated_at": None}
    assert (cleared["name"], cleared["summary"], cleared["tags"]) == ("Blouse", None, [])
    assert cleared["images"] == item["images"]
    assert keeper.simulate_patch(path, json={"name": None}).status_code == 422
    assert keeper.simulate_patch(path, json={"id": "x"}).json["code"] == "unknown-field"


def test_a_patch_matches_variants_by_sku(keeper, client, left):
    item = keeper.simulate_post("/v1/items", json=shirt()).json
    path = f"/v1/items/{item['id']}"
    sizes = {"options": [{"name": "Size", "values": ["S", "M", "L"]}]}
    large = {"sku": "shirt-L", "price": eur(3000), "options": {"Size": "L"}, "stock": 2}

    changed = keeper.simulate_patch(
        path, json={**sizes, "variants": [large, {"sku": "SHIRT-s", "compare_at": eur(2600)}]}
    ).json

    assert [variant["sku"] for variant in changed["variants"]] == ["shirt-L", "shirt-S"]
    small = changed["variants"][1]
    assert (small["id"], small["stock"], small["on_sale"]) == (
        item["variants"][0]["id"],
        {"tracked": True, "available": 5},
        True,
    )
    assert client.simulate_get("/v1/variants/shirt-M").status_code == 404
    assert left() == {"shirt-L": 2, "shirt-S": 5, "shirt-M": 5}

    revived = keeper.simulate_patch(path, json={"variants": [{"sku": "shirt-M"}]}).json
    assert revived["variants"] == [item["variants"][1]]


def test_stock_of_a_variant_that_exists_is_not_patched(keeper, left):
    path = f"/v1/items/{keeper.simulate_post('/v1/items', json=shirt()).json['id']}"

    answer = keeper.simulate_patch(path, json={"variants": [{"sku": "Shirt-S", "stock": 9}]})
    unknown = keeper.simulate_patch(path, json={"variants": [{"sku": "shirt-X"}]})

    assert (answer.status_code, answer.json["code"]) == (422, "unknown-field")
    assert answer.json["errors"][0]["pointer"] == "/variants/0/stock"
    assert (unknown.status_code, unknown.json["code"]) == (409, "unknown-item")
    assert left() == {"shirt-S": 5, "shirt-M": 5}


def test_a_new_slug_leaves_a_308_behind_and_an_old_one_can_come_back(keeper, client):
    item = keeper.simulate_post("/v1/items", json=shirt(slug="chemise-é")).json
    path = f"/v1/items/{item['id']}"

    keeper.simulate_patch(path, json={"slug": "blouse-é"})
    moved = client.simulate_get("/v1/items/chemise-%C3%A9")

    assert (moved.status_code, moved.headers["Location"]) == (308, "/v1/items/blouse-%C3%A9")
    assert client.simulate_get("/v1/items/blouse-%C3%A9").json["slug"] == "blouse-é"
    keeper.simulate_patch(path, json={"slug": "chemise-é"})
    assert client.simulate_get("/v1/items/chemise-%C3%A9").status_code == 200
    assert client.simulate_get("/v1/items/blouse-%C3%A9").status_code == 308
    keeper.simulate_patch(path, json={"status": "draft"})
    assert client.simulate_get("/v1/items/blouse-%C3%A9").status_code == 404


def test_a_slug_from_the_name_is_free_and_takes_no_old_address(keeper):
    slugs = [
        keeper.simulate_post(
            "/v1/items", json={"name": "Thé", "variants": [{"sku": f"the{n}", "price": eur(1)}]}
        ).json["slug"]
        for n in range(2)
    ]
    keeper.simulate_patch("/v1/items/the", json={"slug": "infusion"})
    third = keeper.simulate_post(
        "/v1/items", json={"name": "The", "variants": [{"sku": "c", "price": eur(1)}]}
    )

    assert slugs == ["the", "the-2"]
    assert third.json["slug"] == "the-3"


def test_a_deleted_item_is_gone_but_its_skus_stay_taken(keeper, client):
    made = keeper.simulate_post("/v1/items", json=shirt())
    path = made.headers["Location"]

    assert keeper.simulate_delete(path).status_code == 204

    for gone in (path, "/v1/items/shirt", "/v1/variants/shirt-S", "/v1/variants/shirt-S/stock-movements"):
        assert keeper.simulate_get(gone).status_code == 404
    assert keeper.simulate_delete(path).status_code == 404
    assert keeper.simulate_get("/v1/items?q=shirt&status=all").json["data"] == []
    again = keeper.simulate_post("/v1/items", json=shirt())
    assert (again.status_code, again.json["code"]) == (409, "sku-taken")
    fresh = keeper.simulate_post(
        "/v1/items", json={"name": "Shirt", "variants": [{"sku": "other", "price": eur(1)}]}
    )
    assert fresh.json["slug"] == "shirt"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_stale_if_match_changes_nothing(keeper, method):
    made = keeper.simulate_post("/v1/items", json=shirt())
    path, json = made.headers["Location"], {"name": "Blouse"} if method == "PATCH" else None
    keeper.simulate_patch(path, json={"summary": "New"})

    stale = keeper.simulate_request(method, path, json=json, headers={"If-Match": made.headers["ETag"]})
    fresh = keeper.simulate_request(method, path, json=json, headers={"If-Match": stale.headers["ETag"]})

    assert (stale.status_code, stale.json["code"]) == (412, "precondition-failed")
    assert fresh.status_code in (200, 204)


def test_a_variant_is_read_and_changed_by_its_sku_whatever_its_case(db, keeper, client):
    keeper.simulate_post("/v1/items", json=shirt())

    changed = keeper.simulate_patch(
        "/v1/variants/SHIRT-S", json={"price": eur(2000), "compare_at": eur(2500)}
    )

    assert (changed.status_code, changed.json["on_sale"]) == (200, True)
    assert client.simulate_get("/v1/variants/shirt-s").json == changed.json
    for body, code in (
        ({"options": {"Size": "M"}}, "options-mismatch"),
        ({"options": None}, "options-mismatch"),
        ({"price": {"amount": 1, "currency": "USD"}}, "currency-mismatch"),
    ):
        answer = keeper.simulate_patch("/v1/variants/shirt-S", json=body)
        assert (answer.status_code, answer.json["code"]) == (409, code)
    assert keeper.simulate_patch("/v1/variants/shirt-S", json={"price": None}).status_code == 422
    assert client.simulate_get("/v1/variants/%E2%84%AA").status_code == 404


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
