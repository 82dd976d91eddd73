"""The authors of an article, as editors set them."""

from __future__ import annotations

import pytest

from tests.factories import make_article, make_viewer

TEXT = {"title": "Fog", "body": "Fog"}


@pytest.fixture
def article(db) -> str:
    """The path of a published article by Ada; Bea and Cid have written something too."""
    with db.write() as tx:
        for name in ("Bea", "Cid"):
            make_article(tx, author=make_viewer(tx, name=name), title=name)
        return f"/v1/articles/{make_article(tx, author=make_viewer(tx, name='Ada')).id}"


def byline(answer) -> list[str]:
    return [author["slug"] for author in answer.json["authors"]]


def by(client, slug) -> list[str]:
    return [article["title"] for article in client.simulate_get(f"/v1/articles?author={slug}").json["data"]]


def test_an_editor_writes_for_others_in_the_order_of_the_byline(client_as, article):
    editor = client_as("editor", name="Eve")

    new = editor.simulate_post("/v1/articles", json={**TEXT, "authors": ["cid", "ada", "cid"]})

    assert (new.status_code, byline(new)) == (201, ["cid", "ada"])
    assert byline(editor.simulate_get(new.headers["Location"])) == ["cid", "ada"]


def test_without_authors_an_article_is_by_whoever_creates_it(client_as, article):
    editor = client_as("editor", name="Eve")

    answers = [
        editor.simulate_post("/v1/articles", json={**TEXT, **more}) for more in ({}, {"authors": None})
    ]

    assert [byline(answer) for answer in answers] == [["eve"], ["eve"]]


def test_a_new_byline_is_in_the_lists_and_a_new_version(client, client_as, article):
    editor = client_as("editor")
    before = editor.simulate_get(article).json

    after = editor.simulate_patch(article, json={"authors": ["cid", "bea"]})
    same = editor.simulate_patch(article, json={"authors": ["cid", "bea"]})
    turned = editor.simulate_patch(article, json={"authors": ["bea", "cid"]})

    assert byline(after) == ["cid", "bea"]
    assert after.json["version"] == before["version"] + 1
    assert after.json["updated_at"] > before["updated_at"]
    assert same.content == after.content
    assert byline(turned) == byline(client.simulate_get(article)) == ["bea", "cid"]
    assert (by(client, "ada"), by(client, "bea")) == ([], ["Fog", "Bea"])
    assert [author["slug"] for author in client.simulate_get("/v1/authors").json["data"]] == ["bea", "cid"]


def test_whoever_is_in_the_byline_may_edit_and_nobody_else(client, client_as, article):
    editor, kit = client_as("editor"), client_as("author", name="Kit")
    kit.simulate_post("/v1/articles", json=TEXT)

    before = kit.simulate_patch(article, json={"featured": True}).status_code
    editor.simulate_patch(article, json={"authors": ["ada", "kit"]})
    during = kit.simulate_patch(article, json={"featured": True}).status_code
    editor.simulate_patch(article, json={"authors": ["ada"]})
    after = kit.simulate_patch(article, json={"featured": False}).status_code

    assert (before, during, after) == (403, 200, 403)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_authors_do_not_say_who_wrote_an_article(client_as, article, method):
    author = client_as("author", name="Kit")
    own = author.simulate_post("/v1/articles", json=TEXT).headers["Location"]
    path, body = ("/v1/articles", TEXT) if method == "POST" else (own, {})

    refused = author.simulate_request(method, path, json={**body, "authors": ["kit"]})

    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert "articles:edit" in refused.text


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_unknown_author_is_pointed_at_and_nothing_changes(client_as, article, method):
    editor = client_as("editor")
    path, body = ("/v1/articles", TEXT) if method == "POST" else (article, {"title": "New"})
    before = editor.simulate_get(article).content

    refused = editor.simulate_request(method, path, json={**body, "authors": ["ada", "nobody", "bea", "x"]})

    assert (refused.status_code, refused.json["code"]) == (409, "unknown-author")
    assert [error["pointer"] for error in refused.json["errors"]] == ["/authors/1", "/authors/3"]
    assert editor.simulate_get(article).content == before
    assert editor.simulate_get("/v1/articles?status=draft").json["data"] == []


@pytest.mark.parametrize(
    ("authors", "code"),
    [([], "too-few"), (["a"] * 51, "too-many-lines"), ([1], "invalid-type"), (["A b"], "invalid-format")],
)
def test_a_byline_that_is_none_is_refused(client_as, article, authors, code):
    editor = client_as("editor")

    answers = [
        editor.simulate_post("/v1/articles", json={**TEXT, "authors": authors}),
        editor.simulate_patch(article, json={"authors": authors}),
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(422, code)] * 2


def test_an_article_has_an_author_always(client_as, article):
    answer = client_as("editor").simulate_patch(article, json={"authors": None})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-type")
