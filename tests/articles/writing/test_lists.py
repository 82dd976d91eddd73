"""Lists: newest first, filtered by slugs, walked page by page without loss; and search, best first."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.articles.writing import listing
from api.articles.writing.records import Filter
from api.articles.writing.schemas import ArticlesQuery
from api.storage import Keyset
from api.taxonomy import rules as terms
from tests.factories import make_article, make_viewer


def titles(client, path: str) -> list[str]:
    answer = client.simulate_get(path)
    assert answer.status_code == 200, answer.json
    return [article["title"] for article in answer.json["data"]]


@pytest.fixture
def shelf(db):
    with db.write() as tx:
        ada, bo = make_viewer(tx, name="Ada"), make_viewer(tx, name="Bo Øre")
        for title, author, day, fields in (
            ("Fog", ada, 1, {"tags": ("Sea",), "categories": ("News",)}),
            ("Mist", ada, 3, {"tags": ("sea", "Fog")}),
            ("Rain", bo, 2, {"categories": ("news",), "body": "Fog and rain."}),
            ("About", bo, 4, {"type": "page", "tags": ("Sea",)}),
        ):
            make_article(tx, author=author, title=title, publish_at=f"2026-01-0{day}T00:00:00.000Z", **fields)
        make_article(tx, author=ada, title="Draft", publish_at=None, tags=("Sea", "Secret"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Mist", "Rain", "Fog"]),
        ("?type=article", ["Mist", "Rain", "Fog"]),
        ("?type=page", ["About"]),
        ("?tag=sea", ["Mist", "Fog"]),
        ("?tag=sea&type=page", ["About"]),
        ("?category=news", ["Rain", "Fog"]),
        ("?author=ada", ["Mist", "Fog"]),
        ("?author=bo-ore&category=news", ["Rain"]),
        ("?tag=sea&author=bo-ore", []),
        ("?tag=sea&category=news&author=ada", ["Fog"]),
        ("?tag=nothing", []),
        ("?category=sea", []),
        ("?author=nobody", []),
        ("?q=fog", ["Fog", "Mist", "Rain"]),
        ("?q=F%C3%96G+rain", ["Rain"]),
        ("?q=fog&tag=sea", ["Fog", "Mist"]),
        ("?q=sea", ["Mist", "Fog"]),
        ("?q=secret", []),
        ("?q=", ["Mist", "Rain", "Fog"]),
        ("?status=published", ["Mist", "Rain", "Fog"]),
    ],
)
def test_a_list_shows_what_fits(client, shelf, query, expected):
    assert titles(client, f"/v1/articles{query}") == expected


def test_drafts_can_be_filtered_too(client_as, shelf):
    editor = client_as("editor")

    assert titles(editor, "/v1/articles?status=draft&tag=secret&author=ada&q=draft") == ["Draft"]
    assert titles(editor, "/v1/articles?status=draft&tag=sea&category=news") == []
    assert titles(editor, "/v1/articles?status=scheduled") == []


def test_lists_leave_the_texts_out(client, shelf):
    article = client.simulate_get("/v1/articles").json["data"][0]

    assert not {"body", "body_html"} & set(article)
    whole = client.simulate_get(f"/v1/articles/{article['id']}").json
    assert {key: value for key, value in whole.items() if key not in ("body", "body_html")} == article


@pytest.mark.parametrize(
    "typed", ['"', "a AND", "*", "a:b", "NEAR(", "-x", "'; --", "\\", "%", "🦀", "l'été", "x" * 200]
)
def test_anything_typed_is_a_query(client, shelf, typed):
    assert client.simulate_get(f"/v1/articles?q={quote(typed)}").status_code == 200


def test_a_change_is_found_and_what_it_replaced_is_not(client, client_as):
    author = client_as("author")
    path = author.simulate_post("/v1/articles", json={"title": "Old", "body": "past"}).headers["Location"]
    author.simulate_put(f"{path}/publication")

    author.simulate_patch(path, json={"title": "Neu", "body": "now", "tags": ["Later"]})

    for word, count in (("old", 0), ("past", 0), ("neu", 1), ("now", 1), ("later", 1)):
        assert len(titles(client, f"/v1/articles?q={word}")) == count, word


@pytest.mark.parametrize("query", ["", "?tag=sea", "?q=fog", "?author=ada", "?tag=sea&author=ada"])
def test_following_next_shows_each_once(client, shelf, query):
    path = f"/v1/articles{query}{'&' if query else '?'}limit=1"
    walked = []
    while path:
        answer = client.simulate_get(path)
        walked += [article["title"] for article in answer.json["data"]]
        path = answer.json["next"]
        assert (f'<{path}>; rel="next"' == answer.headers["Link"]) if path else "Link" not in answer.headers

    assert walked == titles(client, f"/v1/articles{query}")


days = st.integers(1, 5)
rows = st.lists(
    st.tuples(days, st.sampled_from("ab"), st.sampled_from(["fog", "mist"])), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=rows,
    more=rows,
    limit=st.integers(1, 4),
    tag=st.sampled_from([None, "a"]),
    q=st.sampled_from([None, "fog"]),
)
def test_walking_while_articles_come_loses_none_that_stood_throughout(db, rows, more, limit, tag, q):
    def publish(tx, row):
        day, tag, word = row
        at = f"2026-01-0{day}T00:00:00.000Z"
        return make_article(tx, author=author, title=word, tags=(tag,), publish_at=at)

    with db.write() as tx:
        author = make_viewer(tx)
        stood = [publish(tx, row) for row in rows]
    filter = Filter(tag=tag, q=q, account=author.id)
    seen, after = [], None
    while True:
        with db.read() as tx:
            page = listing.list_articles(tx, Keyset(after, limit), filter=filter)
        if not page:
            break
        seen += page
        after = ArticlesQuery(after=ArticlesQuery().cursor(page[-1])).position()
        if more:
            with db.write() as tx:
                publish(tx, more.pop())

    ids = [article.id for article in seen]
    fitting = [a.id for a in stood if (not tag or a.tags[0].slug == tag) and (not q or a.title == q)]
    assert len(ids) == len(set(ids))
    assert set(fitting) <= set(ids)
    order = [(article.rank or 0, article.listed_at, article.id) for article in seen]
    assert order == sorted(sorted(order, key=lambda key: key[1:], reverse=True), key=lambda key: key[0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cursor=st.from_regex(r"[0-9]{18}[0-9a-hjkmnp-tv-z]{26}", fullmatch=True),
    query=st.sampled_from(["", "q=fog&", "tag=sea&", "author=ada&q=fog&"]),
)
def test_every_cursor_of_the_published_form_is_a_position(client, shelf, cursor, query):
    assert client.simulate_get(f"/v1/articles?{query}after={cursor}").status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid-parameter"),
        ("limit=101", "invalid-parameter"),
        ("after=x", "invalid-cursor"),
        ("after=" + "0" * 43, "invalid-cursor"),
        ("type=post", "invalid-parameter"),
        ("status=gone", "invalid-parameter"),
        ("q=" + "x" * 201, "invalid-parameter"),
        ("tag=a&tag=b", "repeated-parameter"),
        ("tags=a", "unknown-parameter"),
        ("q=%00", "invalid-parameter"),
    ],
)
def test_a_bad_parameter_is_named(client, query, code):
    answer = client.simulate_get(f"/v1/articles?{query}")

    assert (answer.status_code, answer.json["code"]) == (400, code)


@pytest.fixture
def counted(client, shelf):
    return lambda kind: {row["slug"]: row["count"] for row in client.simulate_get(f"/v1/{kind}").json["data"]}


def test_tags_categories_and_authors_count_what_their_list_shows(client, counted):
    assert counted("tags") == {"fog": 1, "sea": 2}
    assert counted("categories") == {"news": 2}
    assert counted("authors") == {"ada": 2, "bo-ore": 1}
    for kind, parameter in (("tags", "tag"), ("categories", "category"), ("authors", "author")):
        for slug, count in counted(kind).items():
            assert len(titles(client, f"/v1/articles?{parameter}={slug}")) == count


def test_a_tag_that_only_a_draft_has_is_not_told(counted):
    assert "secret" not in counted("tags")


def test_lists_of_names_are_walked_by_slug(client, counted):
    first = client.simulate_get("/v1/tags?limit=1").json

    assert first["data"] == [{"name": "Fog", "slug": "fog", "count": 1}]
    assert client.simulate_get(first["next"]).json == {
        "data": [{"name": "Sea", "slug": "sea", "count": 2}],
        "next": None,
    }


def test_a_category_names_the_one_above_it(client_as, db):
    with db.write() as tx:
        world = terms.one(tx, "articles", "category", "World")
        terms.one(tx, "articles", "category", "Sea", parent=world)

    assert client_as("editor").simulate_get("/v1/categories").json["data"] == [
        {"name": "Sea", "slug": "sea", "parent": "world", "count": 0},
        {"name": "World", "slug": "world", "parent": None, "count": 0},
    ]
