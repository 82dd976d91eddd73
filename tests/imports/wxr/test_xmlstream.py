"""An XML file that is not safe, sound and of the right kind is refused, with the place."""

import pytest

from api.imports import dates, wxr
from api.imports.errors import ImportRefused
from tests.imports.wxr import HEAD, TAIL, read, refusal


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
