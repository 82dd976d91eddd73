"""A table says nothing by a column that it lacks, and nothing by a row that it lacks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.imports.items import NO_NAME, NO_PRODUCT
from api.storage import Database
from tests.factories import SIGHT_OF
from tests.imports.running import bring_table, created, everything

MUG = (
    "ID,Type,SKU,Name,Published,Visibility in catalog,In stock?,Stock,Regular price,Sale price,Categories,"
    "Tags,Images,Short description,Description",
    "12,simple,mug,Mug with a handle,1,visible,1,40,14,12,Kitchen,blue,https://shop.example/mug.jpg,Tall,Turned",
    "13,simple,gift,Hidden gift,1,hidden,1,1,5,,,,,,",
)
ROPE = (
    "ID,Type,SKU,Name,Published,Stock,Regular price,Parent,Position,Attribute 1 name,Attribute 1 value(s)",
    '20,variable,rope,Rope,1,,,,0,Colour,"Red, Blue"',
    "21,variation,rope-red,,1,4,9,rope,1,Colour,Red",
    "22,variation,rope-blue,,1,5,9,rope,2,Colour,Blue",
)


@pytest.fixture
def item(client):
    return lambda slug: client.simulate_get(f"/v1/items/{slug}").json


@pytest.fixture
def variants(item):
    """`variants("rope")` is sku → amount and options."""

    def look(slug):
        return {v["sku"]: (v["price"]["amount"], v["options"]) for v in item(slug)["variants"]}

    return look


def test_a_price_and_stock_table_changes_prices_and_stock_and_nothing_else(db, item, left):
    bring_table(db, *MUG)
    before = item("mug-with-a-handle")

    report = bring_table(db, "ID,SKU,In stock?,Stock,Regular price", "12,mug,1,35,15", "13,gift,1,1,6")

    after = item("mug-with-a-handle")
    changed = {"updated_at", "variants", "version"}
    assert {k: v for k, v in after.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }
    (variant,) = after["variants"]
    assert (variant["price"]["amount"], variant["regular_price"]["amount"]) == (1200, 1500)
    assert left()["mug"] == 35
    assert report.done == {("items", "updated"): 2}


def test_what_the_catalogue_hides_stays_hidden_when_a_table_does_not_speak_of_it(db, client):
    bring_table(db, *MUG)
    shown = client.simulate_get("/v1/items/hidden-gift").status_code

    bring_table(db, "ID,SKU,Regular price,Sale price", "13,gift,6,5")
    bring_table(db, "ID,SKU,Published,Regular price", "13,gift,1,7")

    assert client.simulate_get("/v1/items/hidden-gift").status_code == shown
    listed = client.simulate_get("/v1/items").json["data"]
    assert [item["slug"] for item in listed] == ["mug-with-a-handle"]


def test_a_blank_value_is_blank_where_the_column_is_there(db, item):
    bring_table(db, *MUG)

    bring_table(db, "ID,Type,SKU,Name,Sale price,Regular price,Tags,Description", "12,simple,mug,Mug,,14,,")

    after = item("mug-with-a-handle")
    assert (after["name"], after["tags"], after["description"]) == ("Mug", [], None)
    assert after["variants"][0]["sale"] is None
    assert [category["name"] for category in after["categories"]] == ["Kitchen"]
    assert (after["summary"], len(after["images"])) == ("Tall", 1)


def test_a_draft_stays_a_draft_when_a_table_does_not_speak_of_it(db, client):
    bring_table(db, "ID,Type,SKU,Name,Published,Regular price", "1,simple,mug,Mug,0,5")

    bring_table(db, "ID,SKU,Regular price", "1,mug,6")

    assert client.simulate_get("/v1/items/mug").status_code == 404


def test_variations_are_changed_without_their_product(db, variants, left):
    bring_table(db, *ROPE)

    report = bring_table(db, "ID,Type,SKU,Stock,Regular price", "21,variation,rope-red,3,8")
    bring_table(db, "SKU,Stock,Regular price", "rope-blue,2,10")
    bring_table(db, "ID,Stock", "22,1")

    assert variants("rope") == {
        "rope-red": (800, {"Colour": "Red"}),
        "rope-blue": (1000, {"Colour": "Blue"}),
    }
    assert left() == {"rope-red": 3, "rope-blue": 1}
    assert not report.skipped


def test_a_row_without_type_that_is_a_variation_changes_nothing_of_its_product(db, item, variants, client):
    bring_table(db, *ROPE)
    before = item("rope")

    bring_table(
        db, "ID,SKU,Name,Published,Description,Tags,Regular price", "22,rope-blue,Rope - Blue,1,Blue,sea,8"
    )
    after = item("rope")
    bring_table(db, "ID,Name,Published,Regular price", "21,Rope - Red,0,9")

    same = ("name", "description", "tags", "status", "options")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert {sku: price for sku, (price, _) in variants("rope").items()} == {"rope-blue": 800}


def test_a_variation_that_takes_the_option_of_another_takes_its_place(db, variants):
    bring_table(db, *ROPE)

    report = bring_table(db, *ROPE[:2], ROPE[2].replace("Colour,Red", "Colour,Blue"))

    assert variants("rope") == {"rope-red": (900, {"Colour": "Blue"})}
    assert not report.skipped


def test_a_product_without_its_variations_and_with_some_of_them_loses_none(db, item, variants):
    bring_table(db, *ROPE)
    before = variants("rope")

    report = bring_table(db, ROPE[0], ROPE[1].replace("Rope", "Long rope"))
    bring_table(db, ROPE[0], ROPE[1].replace("Rope", "Long rope"), ROPE[3])

    assert (item("rope")["name"], variants("rope")) == ("Long rope", before)
    assert (dict(report.noted), dict(report.skipped)) == ({}, {})


def test_a_variation_that_the_shop_disables_is_no_longer_sold(db, variants, client):
    bring_table(db, *ROPE)

    bring_table(db, *ROPE[:2], ROPE[2].replace(",,1,", ",,0,"))
    one = variants("rope")
    bring_table(db, *ROPE[:2], ROPE[2].replace(",,1,", ",,0,"), ROPE[3].replace(",,1,", ",,0,"))

    assert list(one) == ["rope-blue"]
    assert client.simulate_get("/v1/items/rope").status_code == 404


def test_a_variation_that_the_shop_adds_is_sold_beside_the_others(db, variants):
    bring_table(db, *ROPE)

    bring_table(
        db,
        ROPE[0],
        ROPE[1].replace("Red, Blue", "Red, Blue, Green"),
        "23,variation,,,1,1,9,rope,3,Colour,Green",
    )

    assert [options["Colour"] for _, options in variants("rope").values()] == ["Green", "Red", "Blue"]


def test_an_order_of_the_shop_is_the_order_here(db, variants):
    bring_table(db, *ROPE)

    bring_table(db, *ROPE[:2], ROPE[2].replace("rope,1,", "rope,3,"), ROPE[3])

    assert list(variants("rope")) == ["rope-blue", "rope-red"]


def test_a_row_that_is_not_known_and_has_no_name_is_skipped_with_the_way_on(db):
    report = bring_table(
        db,
        "ID,Type,SKU,Nome do produto,Regular price,Parent",
        "1,simple,mug,Caneca,5,",
        "2,variation,x,,5,nobody",
    )

    assert created(report) == {}
    assert report.skipped["product", NO_NAME] == ["mug"]
    assert report.skipped["product_variation", NO_PRODUCT] == ["x"]


def test_what_was_out_of_stock_can_be_sold_again_when_the_shop_says_so(db, client, left):
    head = "ID,Type,SKU,Name,In stock?,Stock,Regular price"

    def tracked():
        return client.simulate_get("/v1/variants/mug").json["stock"]["tracked"]

    bring_table(db, head, "1,simple,mug,Mug,0,,5")
    out = tracked()
    bring_table(db, "ID,SKU,Regular price", "1,mug,6")
    unsaid = tracked()
    bring_table(db, head, "1,simple,mug,Mug,1,,6")
    back = tracked()
    bring_table(db, head, "1,simple,mug,Mug,1,4,6")

    assert (out, unsaid, back, tracked()) == (True, True, False, True)
    assert left() == {"mug": 4}


def test_what_is_edited_here_survives_until_the_same_field_changes_there(db, client_as, item):
    bring_table(db, *MUG)
    client_as("shopkeeper").simulate_patch(
        "/v1/items/mug-with-a-handle", json={"summary": "Ours", "name": "Our mug"}
    )

    bring_table(db, MUG[0], MUG[1].replace("Mug with a handle", "Tall mug").replace("14,12", "15,12"))

    after = item("mug-with-a-handle")
    assert (after["name"], after["summary"]) == ("Tall mug", "Ours")
    assert after["variants"][0]["regular_price"]["amount"] == 1500


COLUMNS = {
    "Name": "Mug",
    "Published": "1",
    "Visibility in catalog": "hidden",
    "In stock?": "1",
    "Stock": "7",
    "Regular price": "9",
    "Sale price": "8",
    "Date sale price starts": "2020-01-01",
    "Date sale price ends": "2090-01-01",
    "Tax class": "reduced-rate",
    "Weight (kg)": "0.3",
    "Categories": "Kitchen",
    "Tags": "blue",
    "Images": "https://shop.example/mug.jpg",
    "Short description": "Tall",
    "Description": "Turned",
    "Type": "simple",
}
OFFER = ["Regular price", "Stock", "Sale price", "In stock?"]


@pytest.fixture
def fresh(migrated, tmp_path):
    """`with fresh() as db`: an empty database for each example."""

    @contextmanager
    def made() -> Iterator[Database]:
        path = tmp_path / f"{uuid4().hex}.db"
        shutil.copy(migrated, path)
        db = Database(f"sqlite:///{path}", synchronous="off")
        db.sight_of = SIGHT_OF
        yield db
        db.dispose()
        path.unlink()

    return made


def test_tables_with_any_of_the_same_columns_in_any_sequence_change_nothing(fresh):
    tables = st.lists(
        st.tuples(
            st.sampled_from([["ID"], ["SKU"], ["ID", "SKU"]]),
            st.sampled_from(OFFER),
            st.sets(st.sampled_from(list(COLUMNS))),
        ),
        min_size=1,
        max_size=4,
    )

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(tables)
    def check(sequence):
        values = {"ID": "1", "SKU": "mug", **COLUMNS}
        with fresh() as db:
            bring_table(db, ",".join(values), ",".join(values.values()))
            before = everything(db)
            for identity, offer, more in sequence:
                columns = list(dict.fromkeys([*identity, offer, *sorted(more)]))
                report = bring_table(db, ",".join(columns), ",".join(values[column] for column in columns))
                assert report.done == {("items", "unchanged"): 1}
            after = everything(db)

        assert {name: rows for name, rows in after.items() if name not in {"origins", "source_variants"}} == {
            name: rows for name, rows in before.items() if name not in {"origins", "source_variants"}
        }

    check()
