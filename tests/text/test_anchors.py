"""Anchors: links inside a text lead to what it holds, and no id of it is one of the page."""

from __future__ import annotations

import re

import pytest

from api.text import markup


def rendered(source: str, format: str = "markdown") -> str:
    return markup.render(source, format).replace(' rel="noopener"', "").strip()


def ids(html: str) -> list[str]:
    return re.findall(r' id="([^"]*)"', html)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Hello, World!", "text-hello-world"),
        ("Über *uns* & `co`", "text-über-uns-co"),
        ("ΚΌΣΜΟΣ", "text-κόσμος"),
        ("!!!", "text-section"),
    ],
)
def test_a_heading_of_markdown_has_an_id_made_from_its_words(heading, anchor):
    assert ids(rendered(f"# {heading}")) == [anchor]


def test_headings_of_the_same_words_have_different_ids_always_the_same():
    source = '# A\n\n## A\n\n<h3 id="a-3">own</h3>\n\n# A'

    assert ids(rendered(source)) == ["text-a", "text-a-2", "text-a-3", "text-a-4"]
    assert rendered(source) == rendered(source)


def test_a_table_of_contents_leads_to_its_headings():
    html = rendered("[one](#über-uns) [two](#own)\n\n# Über uns\n\n<h2 id=own>Own</h2>")

    assert '<a href="#text-%C3%BCber-uns">one</a> <a href="#text-own">two</a>' in html
    assert ids(html) == ["text-über-uns", "text-own"]


def test_a_footnote_and_its_mark_lead_to_each_other():
    html = rendered("Fog[^1].\n\n[^1]: A *note*.")

    assert '<sup class="footnote-ref"><a href="#text-fn-1" id="text-fnref-1">1</a></sup>' in html
    assert '<li id="text-fn-1">' in html
    assert 'A <em>note</em>. <a href="#text-fnref-1" class="footnote-backref">' in html


def test_a_mark_without_a_note_is_text():
    assert rendered("Fog[^1] and [^2]") == "<p>Fog[^1] and [^2]</p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('<h2 id="main">M</h2>', '<h2 id="text-main">M</h2>'),
        ("<h2>M</h2>", "<h2>M</h2>"),
        ('<a name="x">X</a><a href="#x">x</a>', '<a id="text-x">X</a><a href="#text-x">x</a>'),
        ('<p id="a" name="b">x</p><a id="c" name="d">x</a>', '<p id="text-a">x</p><a id="text-c">x</a>'),
        ('<p id="two words">x</p><p id="">x</p>', "<p>x</p><p>x</p>"),
        (
            '<a href="#comments">x</a><a href="#">x</a><p id=a>',
            '<a href="#comments">x</a><a href="#">x</a><p id="text-a"></p>',
        ),
        (
            '<a title=" id=" href="#x" id="x">t</a> id="y"',
            '<a title=" id=" href="#text-x" id="text-x">t</a> id="y"',
        ),
        (
            '<p id="&quot;><script>">x</p><a href="/a#b">x</a>',
            '<p id="text-&quot;&gt;&lt;script&gt;">x</p><a href="/a#b">x</a>',
        ),
        (
            '<table><tr><th id="h">x</th><td headers="h">x</td></tr></table>',
            '<table><tbody><tr><th id="text-h">x</th><td headers="text-h">x</td></tr></tbody></table>',
        ),
    ],
)
def test_ids_of_html_are_kept_behind_a_prefix_and_links_follow_them(source, html):
    assert rendered(source, "html") == html
    assert rendered(html, "html") == html


def test_comments_on_one_page_have_different_ids_and_their_own_footnotes():
    comments = [markup.render_comment(f"{text}[^1]\n\n[^1]: note") for text in ("One", "Two")]

    targets = [re.findall(r'href="#([^"]*)"', comment) for comment in comments]
    assert [sorted(ids(comment)) for comment in comments] == [sorted(own) for own in targets]
    assert not set(ids(comments[0])) & set(ids(comments[1]))


def test_a_text_of_nothing_but_marks_has_no_footnotes():
    assert "<sup" not in markup.render_comment("[^a]: a\n\n" + "[^a] " * 1_900)
