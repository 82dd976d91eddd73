"""Versions: they rise with the thing itself, so that If-Match need not fail for what is shown beside it."""

from __future__ import annotations

import pytest

from tests.factories import make_article, make_comment, make_viewer


@pytest.fixture
def article(db) -> str:
    with db.write() as tx:
        return f"/v1/articles/{make_article(tx, author=make_viewer(tx)).id}"


@pytest.fixture
def editor(client_as):
    return client_as("editor")


def version(client, article: str) -> int:
    return client.simulate_get(article).json["version"]


def test_the_version_of_an_article_rises_with_each_change_of_it_alone(editor, article):
    first = version(editor, article)

    steps = [
        lambda: editor.simulate_patch(article, json={"title": "New"}),
        lambda: editor.simulate_patch(article, json={"title": "New"}),
        lambda: editor.simulate_post(f"{article}/comments", json={"body": "Hi."}),
        lambda: editor.simulate_delete(f"{article}/publication"),
        lambda: editor.simulate_put(f"{article}/publication"),
    ]
    risen = []
    for step in steps:
        step()
        risen.append(version(editor, article) - first)

    assert risen == [1, 1, 1, 2, 3]


def test_a_new_comment_fails_the_etag_and_not_the_version(editor, article):
    before = editor.simulate_get(article)
    editor.simulate_post(f"{article}/comments", json={"body": "Hi."})

    def patch(title: str, match: str):
        return editor.simulate_patch(article, json={"title": title}, headers={"If-Match": match})

    by_etag, by_version = patch("A", before.headers["ETag"]), patch("B", f'"v{before.json["version"]}"')
    again = patch("C", f'"v{before.json["version"]}"')

    assert [answer.status_code for answer in (by_etag, by_version, again)] == [412, 200, 412]


@pytest.mark.parametrize("match", ["v2", 'W/"v2"', '"v1"', '"v02"', '"vNone"', '"2"'])
def test_only_the_present_version_in_its_own_form_matches(editor, article, match):
    answer = editor.simulate_delete(article, headers={"If-Match": match})

    assert answer.status_code == 412


def test_the_version_of_a_comment_rises_with_its_status(editor, article, db):
    with db.write() as tx:
        author = make_viewer(tx)
        comment = make_comment(tx, make_article(tx, author=author), author=author).id

    versions = [
        editor.simulate_patch(f"/v1/comments/{comment}", json={"status": status}).json["version"]
        for status in ("approved", "spam", "spam", "approved")
    ]
    deleted = editor.simulate_delete(f"/v1/comments/{comment}", headers={"If-Match": f'"v{versions[-1]}"'})

    assert versions == [1, 2, 2, 3]
    assert deleted.status_code == 204
