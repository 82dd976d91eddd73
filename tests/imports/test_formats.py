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
    ("name", "expected"),
    [
        ("blog.xml", "wxr"),
        ("gazette.xml", "wxr"),
        ("notebook.xml", "wxr"),
        ("shop.xml", "wxr"),
        ("shop.csv", "woocommerce-csv"),
        ("pantry.csv", "woocommerce-csv"),
        ("ghost.json", "ghost-json"),
        ("ghost-flat.json", "ghost-json"),
    ],
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
        ("Handle,Title,Variant SKU\nmug,Mug,m", "Shopify"),
        (
            '[{"model": "product.product", "pk": 1}, {"model": "channel.channel", "pk": 1}]',
            "a Saleor fixture",
        ),
        ('[{"model": "auth.user", "pk": 1}]', "a Django fixture"),
        ('{"name": "package"}', "JSON of an unknown kind"),
        ("[]", "JSON of an unknown kind"),
        ('<rss version="2.0"><channel><item><title>News</title></item></channel></rss>', "an RSS feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "an Atom feed"),
        ("<!doctype html><title>Hello</title>", "a web page"),
        ("<note/>", "XML of an unknown kind"),
        ("a,b\n1,2", "a table with unknown headers"),
        ("Hello there.", "text of an unknown kind"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8brest", "gzip"),
        ("Type,Name,Regular price".encode("utf-16"), "not UTF-8 text"),
        (b"\x00\x01\x02", "not UTF-8 text"),
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
    ("name", "line", "column", "sentence"),
    [
        ("tax-rates.csv", None, None, "a list of WooCommerce tax rates"),
        ("saleor.json", None, None, "a Saleor fixture"),
        ("ampersand.xml", 10, 60, "a bare & must be written as &amp;"),
        ("cut-off.xml", 6, 1, "not well-formed"),
        ("entity.xml", 2, 1, "declares a document type"),
        ("version.xml", 4, 3, "WXR version “7.0” is not supported"),
        ("price.xml", 6, 3, "Mug: “a song” is not a price"),
        ("price.csv", 4, 3, "“a song” is not a price"),
        ("quote.csv", 3, None, "a quote is not closed"),
        ("latin1.csv", 3, 10, "not UTF-8"),
        ("comma.json", 5, 3, "Invalid JSON"),
        ("date.json", None, None, "$.db[0].data.posts[1].published_at: “one fine day” is not a date"),
    ],
)
def test_a_file_is_refused_with_the_place_of_its_fault(
    name: str, line: int | None, column: int | None, sentence: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        formats.read(FIXTURES / "refused" / name, now=NOW)

    refused = caught.value
    assert (refused.line, refused.column) == (line, column)
    assert sentence in refused.sentence


def test_the_place_of_a_bare_ampersand_is_that_of_the_sign() -> None:
    lines = (FIXTURES / "refused" / "ampersand.xml").read_text().splitlines()

    assert lines[10 - 1][60 - 1 :].startswith("&h=")
