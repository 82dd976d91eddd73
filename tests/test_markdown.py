"""Markdown: the renderer is native code, which no text may upset, and which keeps no memory of any."""

from __future__ import annotations

import os
from html import escape
from html.entities import html5
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.imports.ghost import cards
from api.text import markup


def test_every_named_character_is_the_one_that_html_means():
    meant = {name: characters for name, characters in html5.items() if name.endswith(";")}

    shown = {name: markup.text_of(markup.render(f"a&{name}b", "markdown")) for name in meant}

    assert shown == {name: " ".join(f"a{characters}b".split()) for name, characters in meant.items()}


@pytest.mark.parametrize("first", range(0, 0x120000, 0x10000))
def test_every_numbered_character_is_shown_or_replaced(first):
    numbers = range(first, first + 0x10000)

    rendered = markup.html_of("\n".join(f"- &#x{number:x};." for number in numbers))

    shown = [item.partition(".</li>")[0] for item in rendered.split("<li>")[1:]]
    assert shown == [escape(character(number)).replace("&#x27;", "'") for number in numbers]


references = st.integers(0, 0x110000).map("&#{};".format) | st.sampled_from(["&#xFFFE;", "&#xffff;"])
pieces = st.sampled_from(
    [*"\0\t\n |-~*_`[]()<>!#\\&@", "[x]: /y\n", "www.a.b", "- [ ] ", "|-|\n", "é", "\ufffe"]
)


@settings(max_examples=400)
@given(st.text(st.characters(exclude_categories=("Cs",))) | st.lists(references | pieces).map("".join))
def test_no_text_is_too_odd_to_render_and_keep(source):
    rendered = markup.render(source, "markdown")

    assert "\0" not in rendered


@pytest.mark.parametrize("ending", ["", "&#xFFFE;"])
@pytest.mark.parametrize(
    "render",
    [
        markup.html_of,
        markup.render_comment,
        lambda source: cards.render("markdown", {"markdown": source}),
    ],
    ids=["article", "comment", "card of Ghost"],
)
def test_rendering_keeps_no_memory(render, ending):
    source = "A *word* of many, and `code`.\n\n" * 3_000 + ending
    render(source)

    before = resident()
    for _ in range(30):
        render(source)

    assert resident() - before < 30 * 2**20


def character(number: int) -> str:
    """The one that Unicode gives the number, or its sign for one that cannot be shown."""
    if number in (0, 0xFFFE, 0xFFFF) or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
        return "\ufffd"
    return chr(number)


def resident() -> int:
    """Bytes of memory that this process has, by /proc."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
