"""What a shopkeeper changes about an item, and what stays as it was."""

from __future__ import annotations

import pytest

from tests.shop.bodies import eur, shirt


def test_a_patch_changes_what_it_names_and_null_clears(keeper):
    item = keeper.simulate_post(
        "/v1/items", json=shirt(summary="Soft", tags=["wool"], images=[{"url": "/a"}])
    ).json
    path = f"/v1/items/{item['id']}"

    renamed = keeper.simulate_patch(path, json={"name": "Blouse"}).json
    cleared = keeper.simulate_patch(path, json={"summary": None, "tags": None}).json

    moved = {"updated_at": None, "version": None}
    assert {**renamed, **moved} == {**item, "name": "Blouse", **moved}
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
    assert revived["variants"] == [{**item["variants"][1], "version": 3}]


def test_what_a_patch_leaves_out_of_a_price_or_of_options_stays(keeper):
    options = [{"name": "Size", "values": ["S", "M"]}, {"name": "Colour", "values": ["red"]}]
    small = {"sku": "shirt-S", "price": eur(900), "options": {"Size": "S", "Colour": "red"}}
    path = keeper.simulate_post("/v1/items", json=shirt(options=options, variants=[small])).headers[
        "Location"
    ]

    for change in (
        {"price": {"amount": 1200}},
        {"compare_at": {"amount": 1600}},
        {"compare_at": {"currency": "EUR"}},
        {"options": {"Size": "M"}},
        {"options": {}, "price": {}, "compare_at": {}},
    ):
        assert keeper.simulate_patch("/v1/variants/shirt-S", json=change).status_code == 200
    entry = {"sku": "shirt-s", "price": {"amount": 1300}}
    after = keeper.simulate_patch(path, json={"variants": [entry]}).json["variants"][0]

    assert (after["price"], after["compare_at"]) == (eur(1300), eur(1600))
    assert after["options"] == {"Size": "M", "Colour": "red"}


def test_null_removes_an_option_of_a_variant(keeper):
    path = keeper.simulate_post("/v1/items", json=shirt(variants=shirt()["variants"][:1])).headers["Location"]

    alone = keeper.simulate_patch("/v1/variants/shirt-S", json={"options": {"Size": None}})
    together = keeper.simulate_patch(
        path, json={"options": [], "variants": [{"sku": "shirt-S", "options": {"Size": None}}]}
    )

    assert (alone.status_code, alone.json["code"]) == (409, "options-mismatch")
    assert together.json["variants"][0]["options"] == {}


def test_what_was_not_there_is_not_merged_with(keeper):
    path = keeper.simulate_post("/v1/items", json=shirt()).headers["Location"]

    for at, change in (
        ("/v1/variants/shirt-S", {"compare_at": {"currency": "EUR"}}),
        ("/v1/variants/shirt-S", {"compare_at": {}}),
        (path, {"variants": [{"sku": "shirt-S", "compare_at": {}}]}),
    ):
        answer = keeper.simulate_patch(at, json=change)
        assert (answer.status_code, answer.json["code"]) == (409, "amount-required")
        assert answer.json["errors"][0]["pointer"].endswith("/compare_at")
    half = keeper.simulate_patch(path, json={"variants": [{"sku": "shirt-L", "price": {"amount": 1}}]})
    assert (half.status_code, half.json["code"]) == (409, "unknown-item")
    none = keeper.simulate_patch("/v1/variants/shirt-S", json={"price": {"amount": None}})
    assert (none.status_code, none.json["code"]) == (422, "invalid-type")


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


def test_a_deleted_item_is_gone_and_its_name_is_free(keeper, client):
    made = keeper.simulate_post("/v1/items", json=shirt())
    path = made.headers["Location"]

    assert keeper.simulate_delete(path).status_code == 204

    for gone in (path, "/v1/items/shirt", "/v1/variants/shirt-S", "/v1/variants/shirt-S/stock-movements"):
        assert keeper.simulate_get(gone).status_code == 404
    assert keeper.simulate_delete(path).status_code == 404
    assert keeper.simulate_get("/v1/items?q=shirt&status=all").json["data"] == []
    again = keeper.simulate_post("/v1/items", json=shirt())
    assert (again.status_code, again.json["slug"]) == (201, "shirt")


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
