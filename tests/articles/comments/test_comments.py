"""Comments: written by anyone signed in, shown when approved, in the order of their threads."""

from __future__ import annotations

import pytest

from api.articles.comments import queries
from api.articles.comments import rules as comments
from api.articles.writing import visibility
from api.storage import Keyset
from tests.factories import make_article, make_comment, make_viewer


@pytest.fixture
def article(db) -> str:
    with db.write() as tx:
        return f"/v1/articles/{make_article(tx, author=make_viewer(tx)).id}"


def post(client, article: str, body: str = "Hi.", parent: str | None = None) -> dict:
    answer = client.simulate_post(f"{article}/comments", json={"body": body, "parent": parent})
    assert answer.status_code == 201, answer.json
    return answer.json


def thread(client, article: str) -> list[str]:
    return [comment["body"] for comment in client.simulate_get(f"{article}/comments").json["data"]]


def count(client, article: str) -> int:
    return client.simulate_get(article).json["comment_count"]


def test_a_comment_waits_until_an_editor_approves_it(client, client_as, article):
    comment = post(client_as("customer", name="Cy"), article, "*Hi* http://spam.test")

    assert comment["status"] == "pending"
    assert comment["author"] == {"name": "Cy", "slug": None, "staff": False}
    assert comment["article"] == {"id": article.rpartition("/")[2], "slug": "fog", "title": "Fog"}
    assert 'rel="nofollow ugc noopener"' in comment["body_html"]
    assert (thread(client, article), count(client, article)) == ([], 0)

    editor = client_as("editor")
    waiting = editor.simulate_get("/v1/comments?status=pending").json["data"]
    approved = editor.simulate_patch(f"/v1/comments/{comment['id']}", json={"status": "approved"})

    assert waiting == [comment]
    assert approved.json == {**comment, "status": "approved", "version": 2}
    assert (len(thread(client, article)), count(client, article)) == (1, 1)


def test_a_moderators_comment_is_shown_at_once(client, client_as, article):
    comment = post(client_as("editor"), article)

    assert comment["status"] == "approved"
    assert count(client, article) == 1


@pytest.mark.parametrize("role", ["customer", "shopkeeper"])
def test_only_moderators_and_authors_see_and_judge_comments(client_as, article, role):
    someone = client_as(role)
    comment = post(someone, article)

    assert someone.simulate_get("/v1/comments").status_code == 403
    assert (
        someone.simulate_patch(f"/v1/comments/{comment['id']}", json={"status": "approved"}).status_code
        == 403
    )


def test_strangers_may_only_read(client, article):
    assert client.simulate_post(f"{article}/comments", json={"body": "x"}).status_code == 401
    assert client.simulate_get("/v1/comments").status_code == 401


def test_the_count_follows_every_judgement(client, client_as, article):
    editor = client_as("editor")
    path = f"/v1/comments/{post(editor, article)['id']}"

    for status, expected in (
        ("spam", 0),
        ("spam", 0),
        ("approved", 1),
        ("approved", 1),
        ("trash", 0),
        ("approved", 1),
    ):
        editor.simulate_patch(path, json={"status": status})
        assert count(client, article) == expected
    assert editor.simulate_patch(path, json={}).json["status"] == "approved"
    editor.simulate_delete(path)
    assert count(client, article) == 0


def test_a_thread_reads_each_answer_behind_what_it_answers(client, client_as, article):
    editor = client_as("editor")
    a = post(editor, article, "a")
    b = post(editor, article, "b")
    a1 = post(editor, article, "a1", a["id"])
    post(editor, article, "b1", b["id"])
    post(editor, article, "a2", a["id"])
    post(editor, article, "a1x", a1["id"])

    assert thread(client, article) == ["a", "a1", "a1x", "a2", "b", "b1"]
    walked, path = [], f"{article}/comments?limit=1"
    while path:
        page = client.simulate_get(path).json
        walked += [comment["body"] for comment in page["data"]]
        path = page["next"]
    assert walked == thread(client, article)


def test_below_the_last_level_answers_stand_beside_what_they_answer(client, client_as, article):
    editor = client_as("editor")
    parent, bodies = None, [str(level) for level in range(comments.DEEPEST + 3)]
    for body in bodies:
        parent = post(editor, article, body, parent)["id"]

    page = client.simulate_get(f"{article}/comments?limit=33").json
    rest = client.simulate_get(page["next"]).json

    assert [comment["body"] for comment in page["data"] + rest["data"]] == bodies


@pytest.mark.parametrize("kind", ["unknown", "pending", "elsewhere"])
def test_only_an_approved_comment_of_the_article_is_answered(client_as, db, article, kind):
    with db.write() as tx:
        other = f"/v1/articles/{make_article(tx, author=make_viewer(tx)).id}"
    parent = {
        "unknown": lambda: "cmt_" + "0" * 26,
        "pending": lambda: post(client_as("customer"), article)["id"],
        "elsewhere": lambda: post(client_as("editor"), other)["id"],
    }[kind]()

    answer = client_as("customer").simulate_post(f"{article}/comments", json={"body": "x", "parent": parent})

    assert (answer.status_code, answer.json["code"]) == (409, "unknown-parent")
    assert answer.json["errors"][0]["pointer"] == "/parent"


def test_a_closed_article_takes_no_comments(client_as, db):
    with db.write() as tx:
        closed = make_article(tx, author=make_viewer(tx), comment_policy="closed")

    answer = client_as("editor").simulate_post(f"/v1/articles/{closed.id}/comments", json={"body": "x"})

    assert (answer.status_code, answer.json["code"]) == (409, "comments-closed")


def test_one_key_posts_one_comment(client_as, article):
    reader = client_as("editor")
    key = {"Idempotency-Key": "once"}

    answers = [reader.simulate_post(f"{article}/comments", json={"body": "x"}, headers=key) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert count(reader, article) == 1


def test_who_may_delete_a_comment(client, client_as, article):
    writer, other, editor = client_as("customer"), client_as("author"), client_as("editor")
    pending, own, shown = (post(writer, article)["id"] for _ in range(3))
    editor.simulate_patch(f"/v1/comments/{shown}", json={"status": "approved"})

    assert client.simulate_delete(f"/v1/comments/{shown}").status_code == 401
    assert other.simulate_delete(f"/v1/comments/{pending}").status_code == 404
    assert other.simulate_delete(f"/v1/comments/{shown}").status_code == 403
    assert writer.simulate_delete(f"/v1/comments/{own}").status_code == 204
    assert writer.simulate_delete(f"/v1/comments/{own}").status_code == 404
    assert editor.simulate_delete(f"/v1/comments/{shown}").status_code == 204
    assert count(client, article) == 0


def test_answers_to_a_deleted_comment_stay_in_their_place(client, client_as, article):
    editor = client_as("editor")
    first = post(editor, article, "first")
    post(editor, article, "second")
    post(editor, article, "answer", first["id"])

    editor.simulate_delete(f"/v1/comments/{first['id']}")

    assert thread(client, article) == ["answer", "second"]
    assert client.simulate_get(f"{article}/comments").json["data"][0]["parent"] is None


def test_a_stale_judgement_is_refused(client_as, article):
    editor = client_as("editor")
    path = f"/v1/comments/{post(editor, article)['id']}"
    etag = editor.simulate_patch(path, json={"status": "spam"}).headers["ETag"]

    stale = editor.simulate_patch(path, json={"status": "trash"}, headers={"If-Match": '"other"'})

    assert (stale.status_code, stale.headers["ETag"]) == (412, etag)
    assert editor.simulate_delete(path, headers={"If-Match": etag}).status_code == 204


def test_comments_go_with_their_article(client_as, article):
    editor = client_as("editor")
    post(editor, article)

    editor.simulate_delete(article)

    assert editor.simulate_get("/v1/comments").json["data"] == []


def test_the_moderation_list_is_newest_first_and_filtered(client_as, article):
    editor, reader = client_as("editor"), client_as("customer")
    post(reader, article, "1")
    post(editor, article, "2")
    post(reader, article, "3")

    def bodies(query: str) -> list[str]:
        return [comment["body"] for comment in editor.simulate_get(f"/v1/comments{query}").json["data"]]

    assert bodies("") == ["3", "2", "1"]
    assert bodies("?status=pending") == ["3", "1"]
    assert bodies("?status=spam") == []
    page = editor.simulate_get("/v1/comments?status=pending&limit=1").json
    assert [comment["body"] for comment in editor.simulate_get(page["next"]).json["data"]] == ["1"]


def test_the_moderation_list_shows_one_article_by_slug_former_slug_or_id(client_as, article):
    editor, author = client_as("editor"), client_as("author")
    other = editor.simulate_post("/v1/articles", json={"title": "Other", "body": "Text."}).json["id"]
    editor.simulate_put(f"/v1/articles/{other}/publication")
    shown = editor.simulate_get(article).json
    editor.simulate_patch(article, json={"slug": "renamed"})
    post(editor, article, "1")
    post(editor, f"/v1/articles/{other}", "2")

    def bodies(who, ref: str) -> list[str]:
        return [each["body"] for each in who.simulate_get(f"/v1/comments?article={ref}").json["data"]]

    assert bodies(editor, shown["id"]) == bodies(editor, shown["slug"]) == bodies(editor, "renamed") == ["1"]
    assert bodies(editor, f"{other}&status=approved") == ["2"]
    assert bodies(editor, "unknown") == bodies(editor, "") == []
    assert bodies(author, "renamed") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"body": ""}, "too-short"),
        ({"body": " \n\t "}, "invalid-format"),
        ({"body": "a\u0000"}, "invalid-characters"),
        ({"body": "x" * 10_001}, "too-long"),
        ({"body": "x", "parent": "cmt_1"}, "invalid-format"),
        ({"body": "x", "status": "approved"}, "unknown-field"),
        ({}, "required"),
    ],
)
def test_a_bad_comment_is_refused(client_as, article, body, code):
    answer = client_as("customer").simulate_post(f"{article}/comments", json=body)

    assert (answer.status_code, answer.json["code"]) in ((422, code), (400, "body-required"))


def test_a_kept_count_equals_the_comments_that_are_shown(db):
    with db.write() as tx:
        author, editor = make_viewer(tx), make_viewer(tx, role="editor")
        article = make_article(tx, author=author)
        for writer in (author, editor, editor):
            make_comment(tx, article, author=writer)

        shown = queries.list_thread(tx, Keyset("", 10), article_id=article.id, account_id=None)
        assert visibility.find(tx, ref=article.id, viewer=None).comment_count == len(shown) == 3
