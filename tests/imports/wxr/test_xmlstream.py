"""An XML file that is not safe, sound and of the right kind is refused, with the place."""

import io

import pytest

from api.imports import dates, formats, wxr
from api.imports.errors import ImportRefused
from tests.imports.wxr import HEAD, TAIL, post, read, refusal


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('<?xml version="1.0"?>\n<!DOCTYPE rss>\n<rss/>', 2, 1),
        ('<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "b">]>\n<r>&a;</r>', 2, 1),
        (HEAD + "<item><title>a&nbsp;b</title></item>" + TAIL, 3, 15),
        (HEAD + "<item><link>/?ö=1&b=2</link></item>" + TAIL, 3, 18),
        (HEAD + "<item><title>a</item>" + TAIL, 3, 17),
        (HEAD + "<item><title>a</title>", 3, 23),
        (HEAD + "<b>" * 62 + "\n<c/>", 4, 1),
        (HEAD.encode() + b"<item><title>\xff</title></item>", 3, 14),
    ],
)
def test_a_file_that_is_unsafe_or_broken_is_refused_with_its_place(
    content: str | bytes, line: int, column: int
) -> None:
    refused = refusal(content)

    assert (refused.line, refused.column) == (line, column)


def test_sixty_four_elements_deep_is_allowed() -> None:
    assert len(read("<b>" * 62 + "</b>" * 62).articles) == 0


def test_a_prefix_of_atom_that_nobody_declared_does_no_harm() -> None:
    assert len(read('<atom:link rel="hub" href="https://x.example/hub"/>').articles) == 0


def test_an_rss_feed_is_refused_as_such() -> None:
    refused = refusal("<rss><channel><item><title>News</title></item></channel></rss>")

    assert "RSS" in refused.sentence


def test_an_unknown_version_is_refused() -> None:
    assert "9.0" in refusal(HEAD.replace(">1.2<", ">9.0<") + TAIL).sentence


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(ImportRefused, match="cannot be opened"):
        wxr.read("no-such-file.xml")


def test_the_year_before_one_of_unset_dates_is_unknown() -> None:
    assert dates.mail_date("Mon, 30 Nov -0001 00:00:00 +0000") is None


@pytest.mark.parametrize("prefix", ["atom", "itunes", "media"])
def test_a_prefix_that_nobody_declared_does_no_harm(prefix: str) -> None:
    rows = f'<{prefix}:link rel="hub"/>' + post(1, inside=f"<{prefix}:x>y</{prefix}:x><title>A</title>")

    assert [article.title for article in read(rows).articles] == ["A"]


def test_the_prefixes_that_are_read_need_no_declaration() -> None:
    content = "<rss><channel><wp:wxr_version>1.2</wp:wxr_version>" + post(1, inside="<title>A</title>") + TAIL
    export = formats.read(io.BytesIO(content.encode()))

    assert [(article.title, article.external_id) for article in export.articles] == [("A", "post:1")]


@pytest.mark.parametrize("before", ["\n", "\r\n  ", "\ufeff\n"])
def test_blank_lines_before_the_declaration_do_no_harm(before: str) -> None:
    sound = f'{before}<?xml version="1.0" encoding="UTF-8"?>\n{HEAD}{post(1)}{TAIL}'

    assert len(formats.read(io.BytesIO(sound.encode())).articles) == 1
    assert refusal(f'{before}<?xml version="1.0"?>\n{HEAD}<item>&</item>').line == 4 + before.count("\n")


@pytest.mark.parametrize(
    ("content", "help_"),
    [
        (HEAD + "<item>", "export it again"),
        (HEAD + "<item><![CDATA[a", "export it again"),
        (HEAD + TAIL + "\nNotice: x", "outside <rss>"),
        (HEAD.encode() + b"<item>\xe9</item>" + TAIL.encode(), "is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_a_way_on(content: str | bytes, help_: str) -> None:
    assert help_ in refusal(content).sentence
