"""Filters of lists by the fields of articles, and what those fields take."""

from __future__ import annotations

import pytest

from tests.factories import make_article, make_viewer


def titles(client, path: str) -> list[str]:
    answer = client.simulate_get(path)
    assert answer.status_code == 200, answer.json
    return [article["title"] for article in answer.json["data"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["c", "b", "a"]),
        ("featured=true", ["b"]),
        ("featured=false", ["c", "a"]),
        ("language=PT-br", ["b"]),
        ("published_after=2020-01-01T00:00:00Z", ["c", "b"]),
        ("published_before=2020-01-02T00:00:00%2B00:00", ["a"]),
        ("published_after=2020-01-01T00:00:00Z&published_before=2020-01-03T00:00:00Z", ["b"]),
        ("updated_since=2000-01-01T00:00:00Z", ["c", "b", "a"]),
        ("updated_since=2999-01-01T00:00:00Z", []),
        ("q=word&featured=true&language=pt-BR", ["b"]),
        ("q=word&published_after=2020-01-01T00:00:00Z", ["c", "b"]),
    ],
)
def test_articles_are_filtered_by_their_fields_and_dates(client, db, query, expected):
    with db.write() as tx:
        author = make_viewer(tx)
        for day, title, fields in (
            (1, "a", {}),
            (2, "b", {"featured": True, "language": "pt-BR"}),
            (3, "c", {"language": "en"}),
        ):
            at = f"2020-01-0{day}T00:00:00.000Z"
            make_article(tx, author=author, title=title, body="word", publish_at=at, **fields)

    assert titles(client, f"/v1/articles?{query}") == expected


def test_all_articles_are_listed_whatever_their_status_to_who_may_see_them(client, client_as, db):
    with db.write() as tx:
        author = make_viewer(tx)
        for title, at in (("draft", None), ("now", ""), ("later", "2999-01-01T00:00:00.000Z")):
            make_article(tx, author=author, title=title, body="word", publish_at=at, tags=("T",))

    for query in ("", "&tag=t", "&q=word", "&limit=1"):
        walked, path = [], f"/v1/articles?status=all{query}"
        while path:
            page = client_as("editor").simulate_get(path).json
            walked, path = walked + [article["title"] for article in page["data"]], page["next"]
        assert sorted(walked) == ["draft", "later", "now"]
        assert walked[0] == "later"
    assert titles(client_as("author"), "/v1/articles?status=all") == []
    assert client.simulate_get("/v1/articles?status=all").status_code == 401


@pytest.mark.parametrize(
    ("tag", "status"),
    [("en", 201), ("pt-BR", 201), ("zh-Hant-TW", 201), ("es-419", 201), ("de-CH-1996", 201), ("en-x-a", 201),
     ("de-a", 422), ("abcdefgh-1-2-3", 422), ("e", 422), ("en_GB", 422), ("en-", 422), ("x", 422)],
)  # fmt: skip
def test_a_language_is_a_well_formed_tag(client_as, tag, status):
    answer = client_as("author").simulate_post(
        "/v1/articles", json={"title": "x", "body": "", "language": tag}
    )

    assert answer.status_code == status
