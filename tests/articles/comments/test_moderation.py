"""Moderation by an article's own author, and what is shown of comments that others were in answer to."""

from __future__ import annotations

import pytest
from falcon.testing import TestClient

from api.roles import Viewer
from api.text import markup
from api.web import paging
from tests.factories import make_article, make_comment, make_viewer, sign_in


@pytest.fixture
def author(db) -> Viewer:
    with db.write() as tx:
        return make_viewer(tx, name="Ada")


@pytest.fixture
def article(db, author) -> str:
    with db.write() as tx:
        return make_article(tx, author=author).id


def signed_in(client: TestClient, db, viewer: Viewer) -> TestClient:
    with db.write() as tx:
        token = sign_in(tx, viewer)
    return TestClient(client.app, headers={"Authorization": f"Bearer {token}"})


def post(client: TestClient, article: str, **body: str) -> dict:
    answer = client.simulate_post(f"/v1/articles/{article}/comments", json={"body": "Hi.", **body})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_authors_moderate_the_comments_on_their_own_articles(client, client_as, db, author, article):
    comment = post(client_as("customer"), article)
    own = signed_in(client, db, author)

    queue = own.simulate_get("/v1/comments?status=pending").json["data"]
    approved = own.simulate_patch(f"/v1/comments/{comment['id']}", json={"status": "approved"})
    deleted = own.simulate_delete(f"/v1/comments/{comment['id']}")

    assert queue == [comment]
    assert approved.json == {**comment, "status": "approved", "version": 2}
    assert deleted.status_code == 204


def test_authors_neither_see_nor_judge_the_comments_on_articles_of_others(client_as, article):
    editor, other = client_as("editor"), client_as("author")
    pending, shown = (f"/v1/comments/{post(client_as('customer'), article)['id']}" for _ in range(2))
    editor.simulate_patch(shown, json={"status": "approved"})

    queue = other.simulate_get("/v1/comments").json["data"]
    judged = [other.simulate_patch(path, json={"status": "spam"}).status_code for path in (pending, shown)]

    assert (queue, judged) == ([], [404, 403])


@pytest.mark.parametrize("role", ["author", "editor", "shopkeeper", "owner"])
def test_a_comment_by_staff_is_shown_at_once_and_marked(client_as, article, role):
    comment = post(client_as(role, name="Kit"), article)

    assert comment["status"] == "approved"
    assert comment["author"] == {"name": "Kit", "slug": None, "staff": True}


def test_the_author_of_an_article_is_shown_at_once_whatever_their_role_is_now(
    client, client_as, db, author, article
):
    owner = client_as("owner")
    owner.simulate_patch(f"/v1/accounts/{author.id}", json={"role": "customer"})

    comment = post(signed_in(client, db, author), article)

    assert comment["status"] == "approved"
    assert comment["author"] == {"name": "Ada", "slug": "ada", "staff": False}


def test_my_comments_are_all_that_i_wrote_and_nobody_elses(client, client_as, article):
    me = client_as("customer")
    mine = [post(me, article) for _ in range(3)]
    post(client_as("customer"), article)

    first = me.simulate_get("/v1/me/comments?limit=2").json
    rest = me.simulate_get(first["next"]).json

    assert first["data"] + rest["data"] == mine[::-1]
    assert client.simulate_get("/v1/me/comments").status_code == 401


def test_who_commented_does_not_learn_the_new_title_of_an_article_that_was_withdrawn(client_as, article):
    me, editor = client_as("customer"), client_as("editor")
    post(me, article)
    editor.simulate_delete(f"/v1/articles/{article}/publication")
    editor.simulate_patch(f"/v1/articles/{article}", json={"title": "Secret"})

    shown = [
        one.simulate_get(path).json["data"][0]["article"]
        for one, path in ((me, "/v1/me/comments"), (editor, "/v1/comments"))
    ]

    assert shown == [
        {"id": article, "slug": None, "title": None},
        {"id": article, "slug": "fog", "title": "Secret"},
    ]


def test_a_reply_carries_the_nearest_comment_above_it_that_is_shown(client, client_as, article):
    editor = client_as("editor")
    top = post(editor, article)["id"]
    upper = post(editor, article, parent=top)["id"]
    lower = post(editor, article, parent=upper)["id"]
    reply = post(editor, article, parent=lower)["id"]

    def parent() -> str | None:
        thread = client.simulate_get(f"/v1/articles/{article}/comments").json["data"]
        return next(comment["parent"] for comment in thread if comment["id"] == reply)

    seen = [parent()]
    for hidden in (lower, upper):
        editor.simulate_patch(f"/v1/comments/{hidden}", json={"status": "trash"})
        seen.append(parent())
    editor.simulate_delete(f"/v1/comments/{lower}")
    seen.append(parent())
    editor.simulate_patch(f"/v1/comments/{upper}", json={"status": "approved"})
    seen.append(parent())
    for deleted in (upper, top):
        editor.simulate_delete(f"/v1/comments/{deleted}")
        seen.append(parent())

    assert seen == [lower, upper, top, top, upper, top, None]


@pytest.mark.parametrize(
    ("article_is_there", "body", "code"),
    [(False, {}, "not-found"), (True, {"parent": "cmt_" + "0" * 26}, "unknown-parent")],
)
def test_a_comment_that_is_refused_is_not_rendered(
    client_as, article, monkeypatch, article_is_there, body, code
):
    monkeypatch.setattr(markup, "render_comment", lambda _: pytest.fail("rendered"))
    path = f"/v1/articles/{article if article_is_there else 'nowhere'}/comments"

    answer = client_as("customer").simulate_post(path, json={"body": ">" * 10_000, **body})

    assert answer.json["code"] == code


def test_an_answer_is_repeated_after_the_article_has_closed(client_as, article):
    me, editor, key = client_as("customer"), client_as("editor"), {"Idempotency-Key": "once"}
    path = f"/v1/articles/{article}/comments"
    first = me.simulate_post(path, json={"body": "Hi."}, headers=key)
    editor.simulate_patch(f"/v1/articles/{article}", json={"comment_policy": "closed"})

    again = me.simulate_post(path, json={"body": "Hi."}, headers=key)

    assert (again.status_code, again.content) == (201, first.content)


def test_a_page_of_long_comments_ends_early_and_the_walk_loses_none(
    client_as, db, author, article, monkeypatch
):
    monkeypatch.setattr(paging, "MOST_BYTES", 10_000)
    with db.write() as tx:
        (commented,) = [make_article(tx, author=author)]
        written = [
            make_comment(tx, commented, author=author, body="x" * size).id for size in (9_000, 3_000, 10, 10)
        ]
    editor = client_as("editor")

    pages, path = [], "/v1/comments?limit=100"
    while path:
        page = editor.simulate_get(path).json
        pages.append([comment["id"] for comment in page["data"]])
        path = page["next"]

    assert pages == [written[:0:-1], written[:1]]
