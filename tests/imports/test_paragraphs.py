"""Paragraphs as WordPress makes them of blank lines."""

from __future__ import annotations

import pytest

from api.imports.paragraphs import paragraphed


@pytest.mark.parametrize("name", ["div", "blockquote", "section", "li", "td"])
def test_blank_lines_in_a_block_make_paragraphs(name: str) -> None:
    body = f'<{name} style="text-align: justify">\na\n\nb\nc\n</{name}>'

    assert paragraphed(body) == (
        f'<{name} style="text-align: justify">\n<p>a</p>\n\n<p>b<br />\nc</p>\n</{name}>'
    )


@pytest.mark.parametrize("body", ["<div>a</div>", "<h2>a\n\nb</h2>", "<dl><dt>a\n\nb</dt></dl>"])
def test_a_block_of_one_paragraph_or_one_line_stays_as_it_is(body: str) -> None:
    assert paragraphed(body) == body


def test_a_paragraph_with_a_blank_line_is_two() -> None:
    assert paragraphed("<p>a\n\nb</p>") == "<p>a</p>\n\n<p>b</p>"


def test_text_that_a_block_interrupts_goes_on_as_a_paragraph() -> None:
    assert paragraphed("a\n<h2>b</h2>\nc") == "<p>a</p>\n<h2>b</h2>\n<p>c</p>"


def test_a_comment_or_a_shortcode_alone_is_no_paragraph() -> None:
    assert paragraphed("a\n\n<!--more-->\n\n[poll]") == "<p>a</p>\n\n<!--more-->\n\n[poll]"
