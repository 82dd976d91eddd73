"""Sales, tax classes and weights of imported items, in this run and in later ones."""

from __future__ import annotations

import pytest

from tests.imports.running import bring_table

HEAD = (
    "ID,Type,SKU,Name,Date sale price starts,Date sale price ends,"
    "Tax class,Weight (kg),Sale price,Regular price"
)
MUG = "1,simple,mug,Mug,2020-01-01,2090-12-31,Reduced rate,0.35,12,14"


@pytest.fixture
def mug(client):
    """Its one variant, and its tax class, as everybody sees them."""

    def look():
        item = client.simulate_get("/v1/items/mug").json
        return {**item["variants"][0], "tax_class": item["tax_class"]}

    return look


def test_a_sale_a_tax_class_and_a_weight_come_with_the_item(db, mug):
    report = bring_table(db, HEAD, MUG)

    shown = mug()
    assert (shown["price"]["amount"], shown["regular_price"]["amount"]) == (1200, 1400)
    assert shown["compare_at"] is None
    assert shown["sale"] == {
        "price": {"amount": 1200, "currency": "EUR"},
        "from": "2020-01-01T00:00:00.000Z",
        "until": "2091-01-01T00:00:00.000Z",
    }
    assert (shown["tax_class"], shown["weight_g"]) == ("reduced-rate", 350)
    assert (dict(report.noted), dict(report.skipped)) == ({}, {})


def test_a_sale_that_is_over_is_dropped_and_one_to_come_waits(db, mug):
    bring_table(db, HEAD, MUG.replace("2090-12-31", "2020-02-01"))
    over = mug()
    bring_table(db, HEAD, MUG.replace("2020-01-01", "2080-01-01"))
    coming = mug()

    assert (over["price"]["amount"], over["sale"]) == (1400, None)
    assert (coming["price"]["amount"], coming["sale"]["from"]) == (1400, "2080-01-01T00:00:00.000Z")


@pytest.mark.parametrize("ends", ["2090-12-31", "2020-02-01", ""])
def test_a_second_run_changes_nothing(db, mug, ends):
    bring_table(db, HEAD, MUG.replace("2090-12-31", ends))
    before = mug()

    again = bring_table(db, HEAD, MUG.replace("2090-12-31", ends))
    priced = bring_table(db, "ID,SKU,Regular price", "1,mug,14")

    assert again.done == priced.done == {("items", "unchanged"): 1}
    assert mug() == before


def test_an_edit_of_price_weight_or_tax_class_survives_until_the_same_changes_there(db, mug, client_as):
    bring_table(db, HEAD, MUG)
    shopkeeper = client_as("shopkeeper")
    shopkeeper.simulate_patch("/v1/items/mug", json={"tax_class": "books"})
    shopkeeper.simulate_patch("/v1/variants/mug", json={"sale": None, "weight_g": 400})

    bring_table(db, HEAD, MUG.replace("Mug", "Tall mug"))
    renamed = mug()
    bring_table(db, HEAD, MUG.replace("0.35,12", "0.36,11").replace("Reduced rate", ""))
    changed = mug()

    assert (renamed["tax_class"], renamed["sale"], renamed["weight_g"]) == ("books", None, 400)
    assert (changed["tax_class"], changed["price"]["amount"], changed["weight_g"]) == ("standard", 1100, 360)


def test_a_sale_that_no_longer_lowers_a_price_is_dropped(db, mug):
    bring_table(db, HEAD, MUG)

    report = bring_table(db, "ID,SKU,Regular price", "1,mug,10")

    assert report.done == {("items", "updated"): 1}
    assert (mug()["price"]["amount"], mug()["sale"]) == (1000, None)


def test_a_variation_without_its_product_keeps_the_weight_that_it_has_from_it(db, client):
    head = "ID,Type,SKU,Name,Parent,Regular price,Weight (g),Attribute 1 name,Attribute 1 value(s)"
    variation = "2,variation,rope-red,,rope,5,,Colour,Red"
    bring_table(db, head, "1,variable,rope,Rope,,,900,Colour,Red", variation)

    bring_table(db, head, variation.replace(",5,", ",6,"))

    (variant,) = client.simulate_get("/v1/items/rope").json["variants"]
    assert (variant["price"]["amount"], variant["weight_g"]) == (600, 900)


def test_a_variation_of_another_tax_class_is_noted(db):
    report = bring_table(
        db,
        "ID,Type,SKU,Name,Parent,Regular price,Tax class,Attribute 1 name,Attribute 1 value(s)",
        "1,variable,rope,Rope,,,,Colour,Red",
        "2,variation,rope-red,,rope,5,zero-rate,Colour,Red",
    )

    (reason,) = (reason for _, reason in report.noted)
    assert reason == "variations have the tax class of their product, standard"
