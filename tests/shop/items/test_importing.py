"""What an import may do to the catalogue: a second run finds everything again and sells nothing twice."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from api.shop.items import queries
from api.shop.items import rules as catalog
from api.shop.items.importing import put_imported
from api.shop.items.records import ItemDraft
from api.shop.money import Money
from api.shop.variants.records import VariantDraft
from tests.factories import make_item

VARIANT = VariantDraft(sku="mug", price=Money(1000, "EUR"), stock=5, external_id="7", label="blue")
DRAFT = ItemDraft(
    name="Mug", slug="mug", status="published", variants=(VARIANT,), categories=(("Home", "Cups"),)
)


@pytest.fixture
def put(db):
    def run(draft=DRAFT, **fields):
        with db.write() as tx:
            arguments = {"source": "woocommerce", "external_id": "1", "currency": "EUR", **fields}
            return put_imported(tx, draft=draft, **arguments)

    return run


def stocked(stock, **fields):
    return replace(DRAFT, variants=(replace(VARIANT, stock=stock),), **fields)


def test_the_same_thing_twice_is_unchanged(put, client, left):
    first = put(old_slugs=("cup",))
    again = put(old_slugs=("cup",))

    assert (first.did, again.did, again.item_id) == ("created", "unchanged", first.item_id)
    assert left() == {"mug": 5}
    item = client.simulate_get("/v1/items/mug").json
    assert (item["variants"][0]["name"], item["categories"]) == ("blue", [{"name": "Cups", "slug": "cups"}])
    assert client.simulate_get("/v1/items/cup").status_code == 308


def test_a_change_there_is_a_change_here(put, client):
    put()

    assert put(replace(DRAFT, name="Big mug")).did == "updated"

    item = client.simulate_get("/v1/items/mug").json
    assert (item["name"], item["slug"]) == ("Big mug", "mug")
    assert len(item["categories"]) == 1


@pytest.mark.parametrize(("told", "remains"), [(8, 6), (4, 2), (0, 0), (None, 3)])
def test_stock_follows_what_changed_there_and_what_was_sold_here_stays_sold(
    put, client_as, left, told, remains
):
    put()
    client_as().simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 2}]})

    put(stocked(told))

    assert left() == {"mug": remains}


def test_what_was_not_counted_is_counted_when_the_source_begins_to(put, left, client):
    put(stocked(None))
    put(stocked(4))

    assert left() == {"mug": 4}
    assert client.simulate_get("/v1/variants/mug").json["stock"] == {"tracked": True, "available": 4}


def test_a_sku_of_another_item_skips_the_item_with_the_reason(put, db, left):
    with db.write() as tx:
        make_item(tx, sku="MUG")

    outcome = put()

    assert (outcome.did, outcome.reason) == ("skipped", "The sku mug is taken.")
    assert left() == {"MUG": 0}


def test_a_blank_sku_is_made_once(put, client, db):
    with db.write() as tx:
        make_item(tx, sku="Mug-1")
    draft = replace(DRAFT, variants=(replace(VARIANT, sku=None), replace(VARIANT, sku=None, external_id="8")))

    put(draft)
    put(replace(draft, name="Big mug"))

    with db.read() as tx:
        item = queries.find_item(tx, ref="mug-2", hidden=True)  # "mug" is the other's
    assert [variant.sku for variant in item.variants] == ["mug-2", "mug-3"]
    assert item.name == "Big mug"


def test_what_was_deleted_here_stays_deleted(put, db):
    item_id = put().item_id
    with db.write() as tx:
        catalog.delete(tx, queries.find_item(tx, ref=item_id, hidden=True))

    assert put(replace(DRAFT, name="Big mug")).did == "skipped"
