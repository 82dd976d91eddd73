"""What an importer must make of the products in a WordPress export."""

from tests.imports import php
from tests.imports.wxr import HEAD, TAIL, meta, post, read, refusal

ATTRIBUTES = php.dumps(
    {
        "pa_color": {"name": "pa_color", "value": "", "is_variation": 1, "is_taxonomy": 1},
        "engraving": {"name": "Engraving", "value": "Yes | No", "is_variation": 1, "is_taxonomy": 0},
    }
)
CUP = post(
    20,
    type_="product",
    inside='<title>Cup</title><category domain="product_type">variable</category>'
    '<category domain="pa_color" nicename="sea-blue">Sea Blue</category>'
    + meta(_sku="cup", _product_attributes=ATTRIBUTES, _price="12.5"),
)


def test_a_simple_product_has_its_price_in_minor_units_and_its_counted_stock() -> None:
    prices = meta(
        _regular_price="20", _sale_price="17.99", _manage_stock="yes", _stock="4.000000", _sku="m-1"
    )
    (item,) = read(post(7, type_="product", inside="<title>Mug</title>" + prices)).items
    (variant,) = item.variants

    assert (variant.price, variant.sale, variant.stock, variant.sku) == (2000, 1799, 4, "m-1")
    assert (item.external_id, item.source, item.status) == ("product:7", "woocommerce", "published")


def test_a_variable_product_without_its_variations_stands_at_the_lowest_price() -> None:
    (item,) = read(CUP.replace("</item>", meta(_price="9") + "</item>")).items

    assert "variants" in item.unsaid
    assert (item.options, [v.price for v in item.variants]) == ((), [900])


def test_variations_in_the_file_become_variants_with_their_options_by_name() -> None:
    values = {"attribute_pa_color": "sea-blue", "attribute_engraving": "No", "_regular_price": "12.50"}
    variation = post(21, type_="product_variation", post_parent="20", inside=meta(**values))
    (item,) = read(variation + CUP).items

    assert [(o.name, o.values) for o in item.options] == [("Color", ("Sea Blue",)), ("Engraving", ("No",))]
    assert [(v.external_id, v.price, dict(v.options)) for v in item.variants] == [
        ("product_variation:21", 1250, {"Color": "Sea Blue", "Engraving": "No"})
    ]


def test_a_product_out_of_stock_is_counted_as_none_left() -> None:
    (item,) = read(post(7, type_="product", inside=meta(_price="1", _stock_status="outofstock"))).items

    assert item.variants[0].stock == 0


def test_a_price_that_cannot_be_read_refuses_the_file_at_its_row() -> None:
    refused = refusal(HEAD + "\n  " + post(7, type_="product", inside=meta(_price="dear")) + TAIL)

    assert (refused.line, refused.column) == (4, 3)
    assert "“dear” is not a price" in refused.sentence


def test_a_fraction_of_stock_is_rounded_down_with_a_note() -> None:
    export = read(post(7, type_="product", inside=meta(_price="9", _manage_stock="yes", _stock="7.5")))

    assert [variant.stock for item in export.items for variant in item.variants] == [7]
    assert "stock 7.5 was rounded down to whole units" in [w.reason for w in export.warnings]


def test_reviews_are_skipped_with_their_reason() -> None:
    review = "<wp:comment><wp:comment_content>Fine</wp:comment_content></wp:comment>"
    export = read(post(7, type_="product", inside=meta(_price="1") + review))

    assert [s.reason for s in export.skipped if s.kind == "comment"] == ["reviews are not supported"]


def test_what_became_an_option_or_is_switched_off_is_not_counted_as_lost() -> None:
    variation = post(
        2,
        type_="product_variation",
        post_parent="20",
        inside=meta(_price="5", attribute_size="S", _backorders="no", _download_limit="-1", _weight="2"),
    )
    export = read(CUP + variation)

    assert [skip.label for skip in export.skipped if skip.kind == "post meta"] == ["_weight of variations"]
