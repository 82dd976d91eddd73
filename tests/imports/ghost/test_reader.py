"""What an importer must make of a Ghost export."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.imports import ghost
from api.imports.errors import ImportRefused
from api.imports.records import Article, Export
from tests.imports.conftest import FIXTURES, NOW
from tests.imports.ghost.exports import read, refusal


def test_half_an_emoji_is_left_out_and_a_whole_one_stays() -> None:
    export = ghost.read(FIXTURES / "half-an-emoji.json", now=NOW)

    assert [(a.title, a.status, a.language) for a in export.articles] == [
        ("Cut here, whole \N{GRINNING FACE} there", "published", "en")
    ]


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
