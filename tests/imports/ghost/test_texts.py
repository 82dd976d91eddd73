"""Texts of Ghost: lexical, mobiledoc and their cards."""

from typing import Any

import pytest

from api.imports.records import Article, Export
from tests.imports.ghost.exports import lexical, read


def test_lexical_is_rendered_where_there_is_no_html(site: Export, articles: dict[str, Article]) -> None:
    assert articles["next"].body.split("\n") == [
        "<h2><em><strong>A &lt; B</strong></em></h2>",
        "<ol><li>one</li></ol>",
        '<figure><img src="/i.png" alt="An &quot;i&quot;"><figcaption>Dot</figcaption></figure>',
        '<pre><code class="language-py">a&lt;b</code></pre>',
    ]


def test_mobiledoc_is_rendered_where_there_is_neither(articles: dict[str, Article]) -> None:
    assert articles["about"].body.split("\n") == [
        '<p><strong>Bold</strong> &amp; <a href="/x">link</a><br></p>',
        "<ul><li>one</li><li>two</li></ul>",
        "<hr>",
        "<p><em>hi</em></p>",
    ]


def test_cards_that_are_not_known_are_reported(site: Export) -> None:
    assert [(s.external_id, s.label) for s in site.skipped if s.kind == "card"] == [
        ("post:a3", "poll"),
        ("post:a4", "signup"),
    ]


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (
            {"type": "extended-quote", "children": [{"type": "extended-text", "text": "q"}]},
            "<blockquote><p>q</p></blockquote>",
        ),
        (
            {
                "type": "paragraph",
                "children": [{"type": "link", "url": "/?a&b", "children": [{"type": "text", "text": "l"}]}],
            },
            '<p><a href="/?a&amp;b">l</a></p>',
        ),
        (
            {
                "type": "paragraph",
                "children": [
                    {"type": "text", "text": "a"},
                    {"type": "linebreak"},
                    {"type": "text", "text": "b", "format": 16},
                ],
            },
            "<p>a<br><code>b</code></p>",
        ),
        ({"type": "horizontalrule"}, "<hr>"),
        ({"type": "html", "html": "<b>raw</b>"}, "<b>raw</b>"),
        ({"type": "markdown", "markdown": "# H"}, "<h1>H</h1>"),
        ({"type": "markdown", "markdown": "<b>b</b> &#xFFFE;\ud800"}, "<p><b>b</b> \ufffd</p>"),
        (
            {"type": "bookmark", "url": "https://x.example", "metadata": {"title": "X & Y"}},
            '<figure><a href="https://x.example">X &amp; Y</a></figure>',
        ),
        (
            {"type": "toggle", "heading": "More", "content": "<p>x</p>"},
            "<details><summary>More</summary><p>x</p></details>",
        ),
        ({"type": "button", "buttonUrl": "/b", "buttonText": "Go"}, '<p><a href="/b">Go</a></p>'),
        (
            {"type": "callout", "calloutEmoji": "!", "calloutText": "<b>c</b>"},
            "<blockquote><p>! <b>c</b></p></blockquote>",
        ),
        (
            {"type": "gallery", "images": [{"src": "/1.jpg", "alt": ""}]},
            '<figure><img src="/1.jpg" alt=""></figure>',
        ),
        (
            {"type": "embed", "url": "https://t.example/1", "html": "<blockquote>q</blockquote>"},
            "<figure><blockquote>q</blockquote></figure>",
        ),
        (
            {"type": "audio", "src": "/a.mp3", "caption": "Sea"},
            '<figure><audio controls src="/a.mp3"></audio><figcaption>Sea</figcaption></figure>',
        ),
        ({"type": "file", "src": "/f.pdf", "fileTitle": "F"}, '<p><a href="/f.pdf">F</a></p>'),
        ({"type": "paywall"}, ""),
    ],
)
def test_a_node_is_rendered(node: dict[str, Any], html: str) -> None:
    export = read({"id": 1, "title": "A", "lexical": lexical(node)})

    assert export.articles[0].body == html
    assert export.skipped == ()


def test_a_document_nested_too_deep_is_cut_and_told() -> None:
    node: dict[str, Any] = {"type": "text", "text": "deep"}
    for _ in range(100):
        node = {"type": "listitem", "children": [node]}
    export = read({"id": 1, "title": "A", "lexical": lexical(node)})

    assert [s.label for s in export.skipped] == ["nesting past 64"]


def test_an_embedded_page_becomes_a_link_and_is_counted() -> None:
    node = {"type": "embed", "url": "https://v.example/1", "html": '<iframe src="https://p.example/1">'}
    export = read({"id": 1, "title": "A", "lexical": lexical(node)})

    assert export.articles[0].body == (
        '<figure><p><a href="https://v.example/1">https://v.example/1</a></p></figure>'
    )
    assert [warning.reason for warning in export.warnings] == ["<iframe> became a link"]


def test_a_card_of_an_unknown_type_leaves_its_link() -> None:
    export = read({"id": 1, "title": "A", "lexical": lexical({"type": "map", "url": "https://m.example/"})})

    assert export.articles[0].body == '<p><a href="https://m.example/">https://m.example/</a></p>'
    assert [skip.label for skip in export.skipped] == ["map"]
