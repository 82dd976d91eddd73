"""Product tables of real shops are counted to the last row."""

from collections import Counter
from pathlib import Path

import pytest

from api.imports import woocommerce
from tests.imports.conftest import NOW


@pytest.mark.parametrize(
    ("name", "items", "variants", "skipped"),
    [
        ("sample_products.csv", 17, 22, {"product": 1}),
        ("sample_products.classic-commerce.csv", 14, 21, {"product": 1}),
        ("importer_unit_sample.csv", 4, 5, {"product": 1}),
    ],
)
def test_every_row_of_a_real_file_is_an_item_a_variant_or_skipped(
    real: Path, name: str, items: int, variants: int, skipped: dict[str, int]
) -> None:
    export = woocommerce.read(real / "woocommerce" / name, now=NOW)
    rows = Counter(s.kind for s in export.skipped if s.kind in {"product", "product_variation"})

    assert (len(export.items), sum(len(i.variants) for i in export.items)) == (items, variants)
    assert rows == skipped


def test_the_sample_shop_counts_no_stock_and_has_seven_variations(real: Path) -> None:
    export = woocommerce.read(real / "woocommerce" / "sample_products.csv", now=NOW)
    by_sku = {variant.sku: variant for item in export.items for variant in item.variants}

    assert {variant.stock for variant in by_sku.values()} == {None}
    assert sum(len(item.variants) for item in export.items if item.options) == 7
    assert (by_sku["woo-hoodie-red"].price, by_sku["woo-hoodie-red"].sale) == (4500, 4200)
    assert by_sku["wp-pennant"].price == 1105
    assert Counter(item.kind for item in export.items) == {"physical": 14, "digital": 2, "external": 1}
    assert "Woo-tshirt-logo" in by_sku


def test_the_unit_test_file_counts_its_stock(real: Path) -> None:
    export = woocommerce.read(real / "woocommerce" / "importer_unit_sample.csv", now=NOW)
    stock = [variant.stock for item in export.items for variant in item.variants]

    assert sorted(n for n in stock if n is not None) == [5, 6, 10]
    assert [(o.name, o.values) for i in export.items for o in i.options] == [
        ("Color", ("Black", "Green")),
        ("Size", ("M", "L")),
    ]


def test_reading_a_real_file_twice_gives_the_same(real: Path) -> None:
    path = real / "woocommerce" / "importer_unit_sample.csv"

    assert woocommerce.read(path, now=NOW) == woocommerce.read(path, now=NOW)
