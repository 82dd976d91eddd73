"""A file is what its content says, whatever it is called."""

import io
from pathlib import Path

import pytest

from api.imports import formats
from api.imports.errors import ImportRefused
from tests.imports.conftest import FIXTURES, NOW


def refusal(content: str | bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        formats.detect(io.BytesIO(content.encode() if isinstance(content, str) else content))
    return caught.value


@pytest.mark.parametrize(
    ("name", "expected"), [("blog.xml", "wxr"), ("shop.csv", "woocommerce-csv"), ("ghost.json", "ghost-json")]
)
def test_the_format_is_found_by_content_and_not_by_name(tmp_path: Path, name: str, expected: str) -> None:
    disguised = tmp_path / "export.dat"
    disguised.write_bytes((FIXTURES / name).read_bytes())

    assert formats.detect(disguised) == expected
    assert formats.read(disguised, now=NOW).format == expected


def test_a_byte_order_mark_and_leading_space_change_nothing() -> None:
    assert formats.detect(io.BytesIO(b'\xef\xbb\xbf \n{"data": {"posts": []}}')) == "ghost-json"


def test_a_wordpress_export_in_utf16_is_one() -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?><rss xmlns:wp="http://wordpress.org/export/1.2/"/>'

    assert formats.detect(io.BytesIO(content.encode("utf-16"))) == "wxr"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "The file is empty."),
        (" \n", "The file is empty."),
        ("Country Code,State Code,Rate %,Tax Name\nGB,*,20,VAT", "WooCommerce tax rates"),
        ("id,email,name,note,subscribed_to_emails\n1,a@b.example,A,,true", "Ghost members"),
        ("Handle,Title,Variant SKU\nmug,Mug,m", "Shopify"),
        (
            '[{"model": "product.product", "pk": 1}, {"model": "channel.channel", "pk": 1}]',
            "a Saleor fixture",
        ),
        ('[{"model": "auth.user", "pk": 1}]', "a Django fixture"),
        ('{"name": "package"}', "JSON of a kind that is not known"),
        ("[]", "JSON of a kind that is not known"),
        ('<rss version="2.0"><channel><item><title>News</title></item></channel></rss>', "an RSS feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "an Atom feed"),
        ("<!doctype html><title>Hello</title>", "a web page"),
        ("<note/>", "XML of a kind that is not known"),
        ("a,b\n1,2", "a table whose headers are not known"),
        ("Hello there.", "text of a kind that is not known"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8brest", "gzip"),
        ("Type,Name,Regular price".encode("utf-16"), "not text in UTF-8"),
        (b"\x00\x01\x02", "not text in UTF-8"),
    ],
)
def test_another_kind_of_file_is_refused_in_one_sentence(content: str | bytes, what: str) -> None:
    sentence = refusal(content).sentence

    assert what in sentence
    assert sentence.endswith(".")
    assert ". " not in sentence


def test_a_broken_file_is_refused_with_its_place() -> None:
    assert (refusal("<rss><a></b></rss>").line, refusal('{"a":').line) == (1, 1)


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
