"""Unlisted items: whoever knows where they are sees and buys them, and nothing leads there."""

from __future__ import annotations

import pytest

from tests.factories import make_item


@pytest.fixture
def gift(db) -> str:
    with db.write() as tx:
        item = make_item(
            tx,
            sku="gift",
            name="Gift",
            slug="old-gift",
            status="unlisted",
            tags=("Secret",),
            categories=(("Hidden",),),
        )
    return item.id


def test_an_unlisted_item_is_there_for_who_knows_it(client, client_as, keeper, gift):
    keeper.simulate_patch(f"/v1/items/{gift}", json={"slug": "gift"})

    for path in ("/v1/items/gift", f"/v1/items/{gift}", "/v1/variants/gift"):
        assert client.simulate_get(path).status_code == 200
    assert client.simulate_get("/v1/items/old-gift").headers["Location"] == "/v1/items/gift"
    order = client_as().simulate_post("/v1/orders", json={"lines": [{"sku": "gift", "quantity": 1}]})
    assert (order.status_code, order.json["lines"][0]["name"]) == (201, "Gift")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/items",
        "/v1/items?q=gift",
        "/v1/items?tag=secret",
        "/v1/items?category=hidden",
        "/v1/items?in_stock=true",
        "/v1/tags?of=items",
        "/v1/categories?of=items",
    ],
)
def test_no_list_leads_to_an_unlisted_item(client, gift, path):
    assert client.simulate_get(path).json["data"] == []


def test_no_sitemap_names_an_unlisted_item(client, gift):
    assert "gift" not in client.simulate_get("/sitemap.xml").text


def test_only_shopkeepers_list_what_is_unlisted(client, client_as, keeper, gift):
    refused = [one.simulate_get("/v1/items?status=unlisted").status_code for one in (client, client_as())]
    listed = [
        [item["id"] for item in keeper.simulate_get(f"/v1/items?status={status}").json["data"]]
        for status in ("unlisted", "all", "published")
    ]

    assert refused == [401, 403]
    assert listed == [[gift], [gift], []]
