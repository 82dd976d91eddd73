"""Two shops never overwrite each other, and one shop finds its own products again."""

from __future__ import annotations

import pytest

from api.imports.items import OTHER_NUMBER
from api.imports.report import WITHDRAWN
from tests.imports.running import bring, bring_table, created
from tests.imports.wxr import HEAD as HEAD_OF_SITE
from tests.imports.wxr import TAIL, meta, post

HEAD = "ID,Type,SKU,Name,Published,In stock?,Stock,Regular price,Images"
MUG = "12,simple,mug,Mug,1,1,40,14,https://a.example/mug.jpg"
LAMP = "12,simple,lamp,Lamp,1,1,3,99,https://b.example/lamp.jpg"


@pytest.fixture
def names(client):
    return lambda: {item["slug"]: item["name"] for item in client.simulate_get("/v1/items").json["data"]}


def test_another_sku_and_another_name_under_one_number_is_another_product(db, names, left):
    bring_table(db, HEAD, MUG)

    report = bring_table(db, HEAD, LAMP)
    again = bring_table(db, HEAD, LAMP)
    back = bring_table(db, HEAD, MUG)

    assert names() == {"mug": "Mug", "lamp": "Lamp"}
    assert left() == {"mug": 40, "lamp": 3}
    assert report.noted["product", OTHER_NUMBER] == ["Lamp"]
    assert (again.done, back.done) == ({("items", "unchanged"): 1},) * 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MUG, MUG.replace("Mug", "Big mug")),
        (MUG, MUG.replace(",mug,", ",mug-2,")),
        (MUG.replace(",mug,", ",,"), MUG.replace(",mug,", ",,").replace("Mug", "Big mug")),
        (MUG, MUG.replace(",mug,", ",,").replace("Mug", "Big mug")),
    ],
    ids=["another name", "another sku", "another name without sku", "another name, and no sku any more"],
)
def test_one_that_has_only_another_name_or_only_another_sku_is_the_same_product(db, names, before, after):
    bring_table(db, HEAD, before)

    report = bring_table(db, HEAD, after)

    assert (report.done, len(names())) == ({("items", "updated"): 1}, 1)


def test_without_skus_pictures_of_another_site_tell_two_shops_apart(db, names):
    bring_table(db, HEAD, MUG.replace(",mug,", ",,"))

    bring_table(db, HEAD, LAMP.replace(",lamp,", ",,"))

    assert names() == {"mug": "Mug", "lamp": "Lamp"}


def test_a_private_product_of_another_shop_withdraws_nothing(db, names):
    bring_table(db, HEAD, MUG)

    bring_table(db, HEAD, LAMP.replace("simple", "grouped").replace(",Lamp,1", ",Lamp,0"))
    bring_table(db, HEAD, LAMP.replace(",Lamp,1", ",Lamp,0"))

    assert names() == {"mug": "Mug"}


def test_a_product_in_the_trash_of_another_site_withdraws_nothing(db, names, tmp_path):
    def site(**fields):
        path = tmp_path / "site.xml"
        sku = meta(_sku=fields["name"], _price="5")
        row = post(12, type_="product", inside=f"<title>{fields['name']}</title>{sku}", **fields["row"])
        path.write_text(HEAD_OF_SITE + row + TAIL)
        return bring(db, path)

    site(name="Mug", row={"post_name": "mug"})

    other = site(name="Lamp", row={"post_name": "lamp__trashed", "status": "trash"})
    shown = names()
    own = site(name="Mug", row={"post_name": "mug__trashed", "status": "trash"})

    assert (shown, names()) == ({"mug": "Mug"}, {})
    assert (dict(other.noted), own.noted["item", WITHDRAWN]) == ({}, ["Mug"])


def test_a_sku_of_another_shop_is_not_taken_over(db, names, left):
    bring_table(db, HEAD, MUG)

    report = bring_table(db, HEAD, MUG.replace("12,", "77,").replace("Mug", "Cup"))

    assert (names(), left()) == ({"mug": "Mug"}, {"mug": 40})
    assert [label for (kind, _), labels in report.skipped.items() for label in labels if kind == "item"] == [
        "Cup"
    ]


def without_ids(*lines):
    return [line.partition(",")[2] for line in lines]


@pytest.mark.parametrize("sku", ["mug", ""])
def test_a_shop_that_leaves_out_its_numbers_is_found_by_sku_or_name(db, names, left, sku):
    mug = MUG.replace(",mug,", f",{sku},")
    bring_table(db, HEAD, mug)

    same = bring_table(db, *without_ids(HEAD, mug))
    less = bring_table(db, *without_ids(HEAD, mug.replace("1,40,14", "1,35,15")))
    with_ids = bring_table(db, HEAD, mug.replace("1,40,14", "1,30,15"))

    assert same.done == {("items", "unchanged"): 1}
    assert less.done == with_ids.done == {("items", "updated"): 1}
    assert (len(names()), list(left().values())) == (1, [30])


def test_numbers_that_come_later_are_found_as_well(db, names, left):
    bring_table(db, *without_ids(HEAD, MUG))

    report = bring_table(db, HEAD, MUG.replace("1,40,14", "1,35,14"))

    assert report.done == {("items", "updated"): 1}
    assert (len(names()), left()) == (1, {"mug": 35})


def test_variations_without_numbers_and_skus_are_found_by_their_options(db, client, left):
    rope = (
        "ID,Type,SKU,Name,Stock,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)",
        '20,variable,rope,Rope,,,,Colour,"Red, Blue"',
        "21,variation,,,4,9,id:20,Colour,Red",
        "22,variation,,,5,9,id:20,Colour,Blue",
    )
    bring_table(db, *rope)
    before = left()

    report = bring_table(
        db, *without_ids(*(line.replace("id:20", "rope").replace(",4,9", ",3,9") for line in rope))
    )

    assert created(report) == {}
    assert {sku: before[sku] - units for sku, units in left().items()} == {"rope-1": 1, "rope-2": 0}
