"""What an importer must make of a Ghost export."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.imports import ghost
from api.imports.errors import ImportRefused
from api.imports.records import Article, Export
from tests.imports.conftest import FIXTURES, NOW


def read(*posts: dict[str, Any], wrapped: bool = False, **tables: Any) -> Export:
    flat = {"data": {"posts": list(posts), **tables}}
    document = {"db": [flat]} if wrapped else flat
    return ghost.read(io.BytesIO(json.dumps(document).encode()), now=NOW)


def refusal(content: str | bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        ghost.read(io.BytesIO(content.encode() if isinstance(content, str) else content))
    return caught.value


def lexical(*nodes: dict[str, Any]) -> str:
    return json.dumps({"root": {"type": "root", "children": list(nodes)}})


def test_half_an_emoji_is_left_out_and_a_whole_one_stays() -> None:
    export = ghost.read(FIXTURES / "half-an-emoji.json", now=NOW)

    assert [(a.title, a.status, a.language) for a in export.articles] == [
        ("Cut here, whole \N{GRINNING FACE} there", "published", "en")
    ]


@pytest.fixture(scope="module")
def site() -> Export:
    return ghost.read(FIXTURES / "ghost.json", now=NOW)


@pytest.fixture(scope="module")
def articles(site: Export) -> dict[str, Article]:
    return {article.slug or "": article for article in site.articles}


def test_both_shapes_are_read_alike() -> None:
    post = {"id": 1, "title": "A", "html": "<p>a</p>"}

    assert read(post) == read(post, wrapped=True)


def test_authors_and_tags_are_in_their_order_and_internal_tags_are_skipped(
    site: Export, articles: dict[str, Article]
) -> None:
    assert [a.name for a in articles["tide"].authors] == ["Joss Tern", "Mara Quill"]
    assert [t.name for t in articles["tide"].tags] == ["Salt", "Sea"]
    assert [s.label for s in site.skipped if s.kind == "tag"] == ["#layout"]


def test_the_placeholder_for_the_site_becomes_a_path(articles: dict[str, Article]) -> None:
    tide = articles["tide"]

    assert tide.body == '<p>See <a href="/about/">us</a></p>'
    assert tide.image is not None
    assert (tide.image.url, tide.image.alt) == ("/content/images/tide.jpg", "High water")


def test_dates_may_be_text_or_milliseconds(articles: dict[str, Article]) -> None:
    tide = articles["tide"]

    assert tide.publish_at == datetime(2023, 1, 1, 10, tzinfo=UTC)
    assert tide.updated_at == datetime(2023, 2, 1, 9, tzinfo=UTC)


def test_what_is_not_for_everybody_becomes_a_draft(articles: dict[str, Article]) -> None:
    members = articles["members"]

    assert (members.status, members.hidden_because, members.publish_at) == ("draft", "for paid only", None)


def test_a_scheduled_post_is_scheduled(articles: dict[str, Article]) -> None:
    assert articles["next"].status == "scheduled"


@pytest.mark.parametrize(
    ("status", "meta"), [("sent", {}), ("scheduled", {"email_only": 1}), ("published", {"email_only": True})]
)
def test_what_went_to_readers_by_mail_alone_becomes_a_draft(status: str, meta: dict[str, Any]) -> None:
    post = {"id": 1, "title": "A", "status": status, "published_at": "2020-05-01T10:00:00.000Z"}
    (article,) = read(post, posts_meta=[{"post_id": "1", **meta}]).articles

    assert (article.status, article.hidden_because) == ("draft", "sent by e-mail only")


@pytest.mark.parametrize("fields", [{"type": "page"}, {"page": 1}])
def test_a_page_is_a_page_in_old_and_new_exports(fields: dict[str, Any]) -> None:
    assert read({"id": 1, "title": "A", **fields}).articles[0].type == "page"


def test_the_author_of_an_old_export_stands_in_the_post() -> None:
    (article,) = read({"id": 1, "title": "A", "author_id": 7}, users=[{"id": 7, "name": "Mara"}]).articles

    assert [a.name for a in article.authors] == ["Mara"]


def test_the_markdown_of_an_old_export_is_kept_as_such() -> None:
    (article,) = read({"id": 1, "title": "A", "markdown": "*a*"}).articles

    assert (article.body, article.format) == ("*a*", "markdown")


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


def test_secrets_are_warned_of_and_never_read(site: Export) -> None:
    assert {w.label for w in site.warnings if w.kind == "table"} == {"api_keys", "users"}
    assert "notarealhash" not in repr(site)
    assert "not-a-real-secret" not in repr(site)


def test_tables_and_fields_without_place_are_reported(site: Export) -> None:
    assert {s.label for s in site.skipped if s.kind == "table"} == {"api_keys", "settings"}
    assert {s.label for s in site.skipped if s.kind == "field"} == {
        "posts.canonical_url",
        "posts_meta.meta_title",
    }


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('{"data":\n  {"posts": [}', 2, 14),
        ('{"a": 1}\n{', 2, 1),
        (b'{\n"a": "\xff"}', 2, 7),
        ('{"data":\n' + "[" * 70 + "]" * 70 + "}", 2, 64),
        ("[" * 100_000, 1, None),
    ],
)
def test_broken_json_is_refused_with_its_place(content: str | bytes, line: int, column: int | None) -> None:
    refused = refusal(content)

    assert refused.line == line
    assert column is None or refused.column == column


@pytest.mark.parametrize(
    ("post", "place"),
    [
        ({"id": 1, "title": 7}, "$.db[0].data.posts[0].title: Expected `str | null`, got `int`"),
        ({"id": 1, "published_at": "soon"}, "$.db[0].data.posts[0].published_at: “soon” is not a date"),
        ({"id": 1, "lexical": "{"}, "$.db[0].data.posts[0].lexical: not a Lexical document"),
        ({"id": 1, "mobiledoc": "[]"}, "$.db[0].data.posts[0].mobiledoc: not a Mobiledoc document"),
    ],
)
def test_a_wrong_structure_is_refused_with_its_json_path(post: dict[str, Any], place: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(post, wrapped=True)

    assert caught.value.sentence == f"{place}."


def test_other_json_is_refused() -> None:
    assert "not a Ghost export" in refusal("[1, 2]").sentence


def test_an_export_without_its_wrapping_is_read_like_any_other() -> None:
    export = ghost.read(FIXTURES / "ghost-flat.json", now=NOW)
    snow, thaw, inside = export.articles

    assert [a.name for a in snow.authors] == ["Pia Sund"]
    assert [t.name for t in snow.tags] == ["Winter"]
    assert (thaw.body, thaw.status) == ("<p>Grey.</p>", "draft")
    assert (inside.status, inside.hidden_because) == ("draft", "for members only")


@pytest.mark.parametrize(
    ("excerpt", "shown", "counted"),
    [(None, "For engines", []), ("For engines", "For engines", []), ("Ours", "Ours", ["meta_description"])],
)
def test_a_description_for_search_engines_stands_in_for_a_missing_excerpt(
    excerpt: str | None, shown: str, counted: list[str]
) -> None:
    meta = [{"post_id": 1, "meta_description": "For engines"}]
    export = read({"id": 1, "title": "A", "custom_excerpt": excerpt}, posts_meta=meta)

    assert export.articles[0].excerpt == shown
    assert [skip.label.partition(" ")[0] for skip in export.skipped] == counted


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
