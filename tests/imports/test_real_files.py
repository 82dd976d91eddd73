"""Real files are known by their content, and those of another kind refused."""

from pathlib import Path

import pytest

from api.imports import formats, ghost
from api.imports.errors import ImportRefused
from tests.imports.conftest import NOW


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("wxr/themeunittestdata.wordpress.xml", "wxr"),
        ("wxr/64-block-test-data.xml", "wxr"),
        ("wxr/theme-preview.xml", "wxr"),
        ("woocommerce/sample_products.wxr.xml", "wxr"),
        ("woocommerce/sample_products.csv", "woocommerce-csv"),
        ("woocommerce/sample_products.classic-commerce.csv", "woocommerce-csv"),
        ("woocommerce/importer_unit_sample.csv", "woocommerce-csv"),
        ("ghost/ghost.json", "ghost-json"),
        ("ghost/ghost-flat.json", "ghost-json"),
    ],
)
def test_real_exports_are_known(real: Path, path: str, expected: str) -> None:
    assert formats.detect(real / path) == expected


@pytest.mark.parametrize(
    ("path", "what"),
    [("woocommerce/sample_tax_rates.csv", "tax rates"), ("saleor/populatedb_data.json", "a Saleor fixture")],
)
def test_real_files_of_another_kind_are_refused(real: Path, path: str, what: str) -> None:
    with pytest.raises(ImportRefused, match=what):
        formats.read(real / path)


@pytest.mark.parametrize(
    ("name", "articles", "authors", "tags"), [("ghost.json", 3, 2, 2), ("ghost-flat.json", 1, 0, 0)]
)
def test_the_real_files_are_counted(real: Path, name: str, articles: int, authors: int, tags: int) -> None:
    export = ghost.read(real / "ghost" / name, now=NOW)

    assert (len(export.articles), len(export.authors), len(export.tags)) == (articles, authors, tags)
    assert {a.status for a in export.articles} == {"published"}
    assert all(a.body for a in export.articles)
