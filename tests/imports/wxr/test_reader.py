"""What an importer must make of the articles and comments in a WordPress export."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from api.imports import text, wxr
from api.imports.paragraphs import paragraphed
from api.imports.records import Article, Export
from tests.imports.conftest import FIXTURES, NOW
from tests.imports.wxr import meta, post, read


@pytest.fixture(scope="module")
def blog() -> Export:
    return wxr.read(FIXTURES / "blog.xml", now=NOW)


@pytest.fixture(scope="module")
def fog(blog: Export) -> Article:
    return blog.articles[0]


def test_a_title_is_plain_text(fog: Article) -> None:
    assert fog.title == "The long fog & the short one"


def test_a_percent_encoded_slug_is_decoded_once(fog: Article) -> None:
    assert fog.slug == "ομίχλη"
    assert text.slug("100%2525") == "100%25"


def test_dates_are_utc_from_the_gmt_fields(fog: Article) -> None:
    assert fog.publish_at == datetime(2021, 3, 1, 13, tzinfo=UTC)
    assert fog.updated_at == datetime(2021, 3, 2, 8, 30, tzinfo=UTC)


def test_a_date_of_zeros_is_unknown(blog: Export) -> None:
    draft = blog.articles[2]

    assert (draft.status, draft.created_at, draft.publish_at) == ("draft", None, None)


def test_a_date_that_only_the_feed_tells_is_used() -> None:
    (article,) = read(post(inside="<pubDate>Fri, 07 Jun 2013 05:00:44 +0200</pubDate>")).articles

    assert article.publish_at == datetime(2013, 6, 7, 3, 0, 44, tzinfo=UTC)


def test_a_future_date_is_scheduled_and_a_past_one_published_whatever_wordpress_called_it() -> None:
    later, earlier = read(
        post(1, post_date_gmt="2027-01-01 00:00:00")
        + post(2, status="future", post_date_gmt="2026-01-01 00:00:00")
    ).articles

    assert (later.status, earlier.status) == ("scheduled", "published")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"post_password": "x"}, "password protected"), ({"status": "private"}, "private")],
)
def test_what_was_not_public_becomes_a_draft(fields: dict[str, str], reason: str) -> None:
    (article,) = read(post(post_date_gmt="2020-01-01 00:00:00", **fields)).articles

    assert (article.status, article.hidden_because, article.publish_at) == ("draft", reason, None)


def test_an_empty_title_is_made_from_the_slug_and_told() -> None:
    export = read(post(post_name="no-title-here"))

    assert export.articles[0].title == "no title here"
    assert [w.reason for w in export.warnings if "title" in w.reason] == [
        "it has no title; one was generated"
    ]


def test_an_image_that_comes_later_in_the_file_is_found(fog: Article, blog: Export) -> None:
    assert fog.image is not None
    assert (fog.image.url, fog.image.alt) == ("https://harbour.example/up/light.jpg", "The lamp & its tower")
    assert [s.external_id for s in blog.skipped if s.kind == "attachment"] == ["attachment:78"]


def test_a_sticky_post_is_featured_and_an_old_slug_is_kept(fog: Article) -> None:
    assert fog.featured
    assert fog.old_slugs == ("fog-draft",)


def test_a_parent_category_may_come_after_its_child(fog: Article) -> None:
    (category,) = fog.categories

    assert category.parent is not None
    assert (category.name, category.parent.name) == ("North Pier", "Piers & Quays")


def test_categories_that_form_a_circle_are_cut_and_told() -> None:
    def declared(slug: str, parent: str) -> str:
        return (
            f"<wp:category><wp:category_nicename>{slug}</wp:category_nicename><wp:cat_name>{slug}</wp:cat_name>"
            f"<wp:category_parent>{parent}</wp:category_parent></wp:category>"
        )

    export = read(declared("a", "b") + declared("b", "a") + declared("c", "c"))

    assert {c.name: c.parent and c.parent.name for c in export.categories} == {"a": "b", "b": None, "c": None}
    assert len(export.warnings) == 2


def test_a_tag_that_nothing_declares_is_made(blog: Export) -> None:
    assert [tag.external_id for tag in blog.tags] == ["tag:fog", "tag:horns"]


def test_a_category_without_domain_is_a_category() -> None:
    (article,) = read(post(inside="<category>Boats</category>")).articles

    assert [(c.name, c.external_id) for c in article.categories] == [("Boats", "category:boats")]


def test_co_authors_are_authors_each_once_and_the_creator_is_matched_despite_a_stray_sign(
    blog: Export,
) -> None:
    fog, *_, ships = blog.articles

    assert [a.name for a in fog.authors] == ["Mara Quill"]
    assert [a.name for a in ships.authors] == ["Mara Quill", "Joss Tern"]


def test_a_login_that_is_an_address_is_not_shown_as_a_name() -> None:
    (article,) = read(post(inside="<dc:creator>mara@harbour.example</dc:creator>")).articles

    assert [a.name for a in article.authors] == ["mara"]


def test_what_is_too_long_is_cut_with_a_warning_and_the_row_kept() -> None:
    tags = "".join(f'<category domain="post_tag" nicename="t{n}">t{n}</category>' for n in range(60))
    body = f"<content:encoded>&lt;p&gt;a{'é' * 150_000}</content:encoded><title>{'x' * 300}</title>"
    export = read(post(inside=tags + body))
    (article,) = export.articles

    assert (len(article.title), len(article.tags), len(article.body.encode())) == (200, 50, 200_000)
    assert [w.reason.split(" cut")[0] for w in export.warnings if "cut" in w.reason] == [
        "title",
        "body",
        "tags",
    ]


def test_a_row_without_id_has_the_same_id_on_every_run() -> None:
    row = "<item><title>A</title><guid>https://x.example/?p=1</guid><wp:post_type>post</wp:post_type></item>"

    first, second = read(row).articles[0], read(post(5) + row).articles[1]

    assert first.external_id == second.external_id != "post:"


def test_a_repeated_type_and_id_is_skipped_with_its_reason() -> None:
    export = read(post(1) + post(1) + post(1, type_="page"))

    assert [a.external_id for a in export.articles] == ["post:1", "page:1"]
    assert [s.reason for s in export.skipped] == ["another row has the same type and id"]


def test_what_has_no_place_is_reported_and_not_dropped(blog: Export) -> None:
    kinds = Counter(s.kind for s in blog.skipped)

    assert kinds == {
        "nav_menu term": 1,
        "nav_menu_item": 1,
        "recipe": 1,
        "comment": 1,
        "attachment": 1,
        "post meta": 1,
    }


def test_classic_text_gets_the_paragraphs_that_wordpress_shows(fog: Article) -> None:
    assert fog.body == (
        "<p>It came at noon.<br />\nIt stayed.</p>\n\n<blockquote><p>A horn</p>\n\n<p>sounded.</p>"
        "</blockquote>\n\n"
        '[gallery ids="1"]'
    )


@pytest.mark.parametrize(
    "body",
    [
        "<!-- wp:paragraph -->\n<p>a</p>\n\nb",
        "<p>a</p>\n\n<hr />\n\n<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>",
        "<h2>a\n\nb</h2>",
        "<pre>a\n\nb</pre>",
        "",
    ],
)
def test_blocks_are_left_as_they_are(body: str) -> None:
    assert paragraphed(body) == body


def test_a_cdata_section_that_is_split_over_two_is_one_text() -> None:
    (article,) = read(
        post(inside="<content:encoded><![CDATA[<p>a]]]]><![CDATA[>b</p>]]></content:encoded>")
    ).articles

    assert article.body == "<p>a]]>b</p>"


def test_comments_keep_thread_and_state_but_no_addresses(blog: Export) -> None:
    assert [(c.external_id, c.parent_external_id, c.status) for c in blog.comments] == [
        ("comment:2", "comment:3", "approved"),
        ("comment:3", None, "pending"),
        ("comment:5", None, "spam"),
    ]
    assert "192.0.2.7" not in repr(blog)
    assert "ines@example.org" not in repr(blog)


def test_comments_whose_ids_restart_in_each_post_are_all_read() -> None:
    first = (
        "<wp:comment><wp:comment_id>1</wp:comment_id>"
        "<wp:comment_content>Yes</wp:comment_content></wp:comment>"
    )
    again = first.replace("Yes", "No")

    export = read(post(1, inside=first + again) + post(2, inside=first))

    assert [(c.article_external_id, c.body) for c in export.comments] == [
        ("post:1", "Yes"),
        ("post:2", "Yes"),
    ]
    assert [s.reason for s in export.skipped] == ["another comment has the same id"]


def test_a_comment_with_markup_is_html_and_one_without_is_text(blog: Export) -> None:
    assert [(c.format, c.body) for c in list(blog.comments)[:2]] == [
        ("html", "<p>I was <em>there</em>.</p>"),
        ("text", "Was anybody?"),
    ]


def test_a_pingback_is_skipped_and_what_answers_it_stands_by_itself(blog: Export) -> None:
    assert [s.reason for s in blog.skipped if s.kind == "comment"] == ["pingbacks are not supported"]
    assert [w.external_id for w in blog.warnings if w.kind == "comment"] == ["comment:5"]


@pytest.mark.parametrize(
    "replies", [[("1", "2", "a"), ("2", "1", "b")], [("1", "1", "a")], [("1", "0", ""), ("2", "1", "b")]]
)
def test_a_thread_always_ends_at_a_comment_that_is_imported(replies: list[tuple[str, str, str]]) -> None:
    written = "".join(
        f"<wp:comment><wp:comment_id>{id_}</wp:comment_id><wp:comment_parent>{parent}</wp:comment_parent>"
        f"<wp:comment_content>{body}</wp:comment_content></wp:comment>"
        for id_, parent, body in replies
    )
    parents = {c.external_id: c.parent_external_id for c in read(post(inside=written)).comments}

    for comment in parents:
        step, steps = parents[comment], 0
        while step is not None:
            step, steps = parents[step], steps + 1
            assert steps <= len(parents)


@pytest.mark.parametrize(
    ("excerpt", "description", "shown", "counted"),
    [
        ("", "For engines", "For engines", []),
        ("Ours", "For engines", "Ours", ["_yoast_wpseo_metadesc"]),
        ("", "%%title%% by %%name%%", "", ["_yoast_wpseo_metadesc"]),
    ],
)
def test_a_description_for_search_engines_stands_in_for_a_missing_excerpt(
    excerpt: str, description: str, shown: str, counted: list[str]
) -> None:
    written = f"<excerpt:encoded>{excerpt}</excerpt:encoded>" if excerpt else ""
    export = read(post(inside=written + meta(_yoast_wpseo_metadesc=description)))

    assert export.articles[0].excerpt == shown
    assert [skip.label for skip in export.skipped] == counted
