"""What an importer must make of a WooCommerce product CSV."""

import pytest

from api.imports import woocommerce
from api.imports.records import Export, Item
from tests.imports.conftest import FIXTURES, NOW
from tests.imports.woocommerce.table import read


@pytest.fixture(scope="module")
def shop() -> Export:
    return woocommerce.read(FIXTURES / "shop.csv", now=NOW)


@pytest.fixture(scope="module")
def items(shop: Export) -> dict[str, Item]:
    return {item.name: item for item in shop.items}


def test_variations_find_their_product_by_id_or_sku_even_before_it(items: dict[str, Item]) -> None:
    rope = items["Rope"]

    assert [(v.external_id, v.sku, v.name) for v in rope.variants] == [
        ("product_variation:22", None, "Red"),
        ("product_variation:21", "rope-blue", "Blue"),
    ]


def test_variants_are_in_the_order_of_their_position(items: dict[str, Item]) -> None:
    assert [dict(v.options) for v in items["Rope"].variants] == [{"Colour": "Red"}, {"Colour": "Blue"}]


def test_a_choice_that_every_variation_leaves_open_is_dropped_and_told(shop: Export) -> None:
    assert [w.reason for w in shop.warnings if "any Knot" in w.reason] == [
        "buyers could choose any Knot (Bowline, Hitch); this option was dropped"
    ]


def test_a_choice_that_one_variation_leaves_open_is_any_for_it() -> None:
    (item,) = read(
        "Type,SKU,Name,Parent,Regular price,Attribute 1 name,Attribute 1 value(s)",
        'variable,p,P,,,Size,"S, M"',
        "variation,p-s,,p,1,Size,S",
        "variation,p-x,,p,2,size,",
    ).items

    assert [(o.name, o.values) for o in item.options] == [("Size", ("S", "Any"))]
    assert [v.options["Size"] for v in item.variants] == ["S", "Any"]


def test_prices_are_minor_units_and_a_lower_sale_price_is_a_sale(items: dict[str, Item]) -> None:
    assert [(v.price, v.sale) for v in items["Rope"].variants] == [(950, 799), (950, None)]
    assert [(v.price, v.sale) for v in items["Bell"].variants] == [(1105, None)]


@pytest.mark.parametrize(
    ("begins", "ends", "sale_from", "sale_until"),
    [
        ("", "", None, None),
        ("2027-01-01", "", "2027-01-01T00:00:00.000Z", None),
        ("", "2026-11-22", None, "2026-11-23T00:00:00.000Z"),
        ("", "2026-11-22 12:30:00", None, "2026-11-22T12:30:00.000Z"),
        ("2026-11-22T00:00:00+02:00", "", "2026-11-21T22:00:00.000Z", None),
    ],
)
def test_a_sale_has_the_dates_of_the_table_and_lasts_the_whole_last_day(
    begins: str, ends: str, sale_from: str | None, sale_until: str | None
) -> None:
    (item,) = read(
        "Type,Name,Date sale price starts,Date sale price ends,Sale price,Regular price",
        f"simple,P,{begins},{ends},8,10",
        exponent=0,
    ).items

    (variant,) = item.variants
    assert (variant.price, variant.sale) == (10, 8)
    assert (variant.sale_from, variant.sale_until) == (sale_from, sale_until)


def test_a_sale_that_ends_before_it_begins_is_left_out_with_a_note() -> None:
    export = read(
        "Type,Name,Date sale price starts,Date sale price ends,Sale price,Regular price",
        "simple,P,2027-02-01,2027-01-01,8,10",
    )

    assert [(v.price, v.sale) for item in export.items for v in item.variants] == [(1000, None)]
    assert [note.reason for note in export.warnings] == ["its sale ends before it begins and was left out"]


@pytest.mark.parametrize(
    ("unit", "written", "grams"),
    [
        *(("kg", "0.3", 300), ("kg", "0,3", 300), ("kg", "", None), ("kg", "0", None), ("kg", "heavy", None)),
        *(("g", "12.5", 13), ("lbs", "1", 454), ("oz", "2", 57), ("st", "2", None)),
    ],
)
def test_a_weight_is_in_whole_grams_if_its_unit_is_known(unit: str, written: str, grams: int | None) -> None:
    (item,) = read(f"Type,Name,Regular price,Weight ({unit})", f'simple,P,1,"{written}"').items

    assert item.variants[0].weight_g == grams


def test_a_variation_without_a_weight_has_that_of_its_product() -> None:
    (item,) = read(
        "Type,SKU,Name,Parent,Regular price,Weight (kg),Attribute 1 name,Attribute 1 value(s)",
        'variable,p,P,,,0.3,Size,"S, M"',
        "variation,p-s,,p,1,,Size,S",
        "variation,p-m,,p,1,0.4,Size,M",
    ).items

    assert [variant.weight_g for variant in item.variants] == [300, 400]


@pytest.mark.parametrize(
    ("written", "tax_class"),
    [
        *(("", "standard"), ("parent", "standard"), ("reduced-rate", "reduced-rate")),
        *(("Reduced rate", "reduced-rate"), ("Taux réduit", "taux-reduit"), ("軽減税率", "standard")),
    ],
)
def test_a_tax_class_is_a_slug_or_the_standard_one(written: str, tax_class: str) -> None:
    (item,) = read("Type,Name,Regular price,Tax class", f"simple,P,1,{written}").items

    assert item.tax_class == tax_class


@pytest.mark.parametrize(
    ("stock", "in_stock", "expected"),
    [
        ("", "1", None),
        ("", "0", 0),
        ("", "backorder", None),
        ("0", "1", 0),
        ("6", "1", 6),
        ("'-2", "0", 0),
        ("5.0", "1", 5),
    ],
)
def test_blank_stock_is_not_counted_unless_it_is_out(stock: str, in_stock: str, expected: int | None) -> None:
    (item,) = read("Type,Name,Regular price,In stock?,Stock", f"simple,P,1,{in_stock},{stock}").items

    assert item.variants[0].stock == expected


def test_stock_that_variations_share_is_given_to_none_of_them() -> None:
    rows = ("variation,,p,parent,1,Size,S", "variation,,p,parent,1,Size,M")
    header = "Type,SKU,Parent,Stock,Regular price,Attribute 1 name,Attribute 1 value(s)"

    shared = read(header, 'variable,p,,9,,Size,"S, M"', *rows)
    alone = read(header, 'variable,p,,9,,Size,"S, M"', rows[0])

    assert [v.stock for v in shared.items[0].variants] == [0, 0]
    assert sum("9 units are shared" in w.reason for w in shared.warnings) == 2
    assert [v.stock for v in alone.items[0].variants] == [9]


def test_kind_follows_the_flags_of_the_type(items: dict[str, Item]) -> None:
    kinds = {name: item.kind for name, item in items.items()}

    assert kinds == {
        "Rope": "physical",
        "Lamp": "physical",
        "Harbour tour": "service",
        "Map": "digital",
        "Bell": "external",
    }


def test_private_products_are_drafts_and_hidden_ones_hidden(items: dict[str, Item]) -> None:
    assert {name for name, item in items.items() if item.status == "draft"} == {"Harbour tour"}
    assert {name for name, item in items.items() if item.hidden} == {"Map"}


def test_categories_are_paths_and_lists_keep_escaped_commas(items: dict[str, Item]) -> None:
    assert items["Rope"].categories == (("Deck", "Ropes"), ("Deck",))
    assert items["Rope"].tags == ("sea", "salt, dried")
    assert [i.url for i in items["Lamp"].images] == ["https://shop.example/a,b.jpg"]


def test_long_categories_are_cut_in_the_middle_with_a_note_and_properties_are_not() -> None:
    value = "made of " + "x" * 100
    export = read(
        "Type,Name,Regular price,Categories,Attribute 1 name,Attribute 1 value(s)",
        f"simple,P,1,{'y' * 70}a,Material,{value}",
        f"simple,Q,1,{'y' * 70}b,,",
    )

    first, second = (item.categories[0][0] for item in export.items)
    assert (len(first), first != second) == (60, True)
    assert [w.reason for w in export.warnings] == ["category cut from 71 to 60 characters"] * 2
    assert export.items[0].properties[0].value == value


def test_a_written_line_end_is_one(items: dict[str, Item]) -> None:
    assert items["Rope"].description == "<p>Ten metres.</p>\n\n<p>Knotted.</p>"
    assert items["Rope"].summary == "Strong & light"


def test_an_external_product_has_the_url_where_it_is_sold(items: dict[str, Item]) -> None:
    assert items["Bell"].external_url == "https://bells.example/?a=1&b=2"
    assert {name for name, item in items.items() if item.external_url} == {"Bell"}


def test_an_external_product_without_a_url_is_noted() -> None:
    export = read("Type,Name,Regular price,External URL", "external,Bell,1,javascript:alert(1)")

    assert export.items[0].external_url is None
    assert [warning.reason for warning in export.warnings] == ["it is sold elsewhere, but has no valid URL"]


def test_what_is_no_choice_is_a_property() -> None:
    export = read(
        'Type,SKU,Name,Parent,Regular price,Brands,"GTIN, UPC, EAN, or ISBN",Weight (kg),Length (cm),'
        "Width (cm),Height (cm),Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)",
        'variable,rope,Rope,,,"Knots, Sons",0123,"0,3",10,20,,Colour,"Red, Blue",Material,"Hemp, Jute"',
        "variation,,,rope,9,,456,0,,,,Colour,Red,,",
        "simple,mug,Mug,,7,,,0,,,,Glaze,Salt,,",
    )

    assert [[(p.name, p.value) for p in item.properties] for item in export.items] == [
        [
            ("Material", "Hemp, Jute"),
            ("Brand", "Knots, Sons"),
            ("GTIN", "0123"),
            ("Weight", "0,3 kg"),
            ("Dimensions", "10 × 20 cm"),
        ],
        [("Glaze", "Salt")],
    ]
    assert [skipped.label for skipped in export.skipped] == ["gtin of variations"]


def test_a_sku_that_differs_in_case_only_is_taken_and_told_by_line(shop: Export) -> None:
    assert [(s.label, s.reason) for s in shop.skipped if s.external_id == "product:28"] == [
        ("line 10: Other lamp", "its sku LAMP is already used by line 5: Lamp")
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("variation,v,,plain,1,1,Size,S", "its product has no variations"),
        ("variation,v,,p,0,1,Size,S", "this variation is disabled"),
        ("variation,v,,p,1,,Size,S", "this variation has no price, so it is not for sale"),
        ("variation,v,,p,1,1,Size,M", "its options are the same as those of M"),
        ("grouped,g,G,,1,,,", "grouped products are not supported; their members are imported"),
        ("booking,b,B,,1,5,,", "products of type “booking” are not supported"),
    ],
)
def test_a_readable_row_without_place_is_skipped_with_its_reason(row: str, reason: str) -> None:
    export = read(
        "Type,SKU,Name,Parent,Published,Regular price,Attribute 1 name,Attribute 1 value(s)",
        'variable,p,P,,1,,Size,"S, M"',
        "variation,first,,p,1,1,Size,M",
        "simple,plain,Q,,1,1,,",
        row,
    )

    assert [s.reason for s in export.skipped] == [reason]
    assert len(export.items) == 2


def test_a_product_whose_variations_are_not_there_says_nothing_about_them() -> None:
    (item,) = read("Type,SKU,Name,Regular price", "variable,p,P,").items

    assert ("variants" in item.unsaid, len(item.variants)) == (True, 1)


def test_a_column_that_the_table_lacks_is_unsaid_and_a_blank_one_is_not() -> None:
    (item,) = read("Type,SKU,Description,Regular price", "simple,p,,1").items

    assert set(item.unsaid) == {
        *("name", "published", "visibility", "summary", "categories", "tags", "images", "sale"),
        *(
            "sale_from",
            "sale_until",
            "weight_g",
            "tax_class",
            "stock",
            "external_url",
            "attributes",
            "brand",
            "gtin",
            "weight",
            "dimensions",
        ),
    }


def test_a_row_without_id_and_sku_has_the_same_id_on_every_run() -> None:
    lines = ("Type,Name,Regular price", "external,Bell,1")

    assert read(*lines) == read(*lines)


def test_columns_without_place_are_counted_once_each(shop: Export) -> None:
    assert {s.label: s.reason for s in shop.skipped if s.kind == "column"} == {
        "backorders allowed?": "not supported; used in 1 row",
        "meta: shelf": "not supported; used in 1 row",
        "button text": "not supported; used in 1 row",
    }


def test_a_spreadsheet_edition_with_semicolons_and_byte_order_mark_is_read() -> None:
    (item,) = read("\ufeffType;NAME;Regular Price", "simple;P;9,50").items

    assert item.variants[0].price == 950
