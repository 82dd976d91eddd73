"""The shapes of Ghost's tables in the wild."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.imports.ghost.test_reader import read
from tests.imports.running import bring

MAY = datetime(2020, 5, 1, 8, tzinfo=UTC)


def test_a_post_without_an_id_is_known_by_its_slug(db, tmp_path):
    posts = [{"slug": "fog", "title": "Fog"}, {"slug": "rain", "title": "Rain"}]
    reports = []

    for rows in (posts, posts[::-1]):
        (tmp_path / "blog.json").write_text(json.dumps({"data": {"posts": rows}}))
        reports.append(bring(db, tmp_path / "blog.json"))

    assert [dict(report.done) for report in reports] == [
        {("articles", "created"): 2},
        {("articles", "unchanged"): 2},
    ]


@pytest.mark.parametrize("post", [None, {}, {"id": None, "title": None, "slug": None}])
def test_an_empty_row_is_skipped_with_its_reason(post) -> None:
    export = read(post, {"id": 2, "title": "A"}, users=None, tags=[None])

    assert [article.title for article in export.articles] == ["A"]
    assert [(skip.label, skip.reason) for skip in export.skipped] == [("row 1", "it is empty")]


def test_a_user_without_an_id_is_read() -> None:
    export = read({"id": 1, "title": "A"}, users=[{"name": "Mara", "slug": "mara"}])

    assert [author.name for author in export.authors] == ["Mara"]


def test_a_number_and_its_text_are_one_id() -> None:
    (article,) = read(
        {"id": 1, "title": "A"},
        users=[{"id": "7", "name": "Mara"}],
        tags=[{"id": 3, "name": "Sea"}],
        posts_authors=[{"post_id": "1", "author_id": 7}],
        posts_tags=[{"post_id": 1, "tag_id": "3"}],
    ).articles

    assert ([a.name for a in article.authors], [t.name for t in article.tags]) == (["Mara"], ["Sea"])


def test_a_link_to_what_is_not_in_the_file_is_counted() -> None:
    export = read(
        {"id": 1, "title": "A"},
        posts_authors=[{"post_id": 1, "author_id": 7}],
        posts_tags=[{"post_id": 1, "tag_id": 3}] * 2,
    )

    assert [(skip.label, skip.reason) for skip in export.skipped] == [
        ("an author who is not in this file", "not supported; used in 1 row"),
        ("a tag that is not in this file", "not supported; used in 2 rows"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        1588320000,
        "1588320000",
        1588320000000,
        "1588320000000",
        "2020-05-01 08:00:00",
        "2020-05-01T10:00:00.000+02:00",
        "Fri, 01 May 2020 08:00:00 +0000",
        "1 May 2020 10:00:00 +0200",
        "Fri May 01 2020 10:00:00 GMT+0200 (CEST)",
        "Fri May 01 2020 08:00:00",
    ],
)
def test_a_date_is_read_in_every_form_that_ghost_has_written(written) -> None:
    (article,) = read({"id": 1, "title": "A", "created_at": written}).articles

    assert article.created_at == MAY


def test_the_owners_of_two_blogs_are_two_authors(db, tmp_path):
    for name in ("Ada", "Bea"):
        slug = name.lower()
        blog = {
            "posts": [{"id": f"of-{slug}", "title": name, "author_id": 1}],
            "users": [{"id": 1, "name": name, "slug": slug}],
        }
        (tmp_path / "blog.json").write_text(json.dumps({"data": blog}))

        report = bring(db, tmp_path / "blog.json")

        assert report.done["authors", "created"] == 1
