"""Limits of comments, so that no account fills the moderators' queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.articles.comments.rules import HOURLY, MOST_WAITING
from api.text import markup
from tests.factories import make_article, make_comment, make_viewer, sign_in
from tests.web.cached import Clock


@pytest.fixture
def clock(db):
    db.clock = Clock()
    return db.clock


@pytest.fixture
def author(db, clock):
    with db.write() as tx:
        return make_viewer(tx)


@pytest.fixture
def article(db, author):
    with db.write() as tx:
        return make_article(tx, author=author)


def comment(client, article, **headers):
    return client.simulate_post(f"/v1/articles/{article.id}/comments", json={"body": "Hi."}, headers=headers)


def test_a_customer_comments_again_when_the_hour_of_the_first_is_over(clock, client_as, article):
    reader = client_as()
    comment(reader, article)
    clock.ahead(minutes=10)
    for number in range(1, HOURLY.most):
        last = comment(reader, article, **{"Idempotency-Key": str(number)})

    refused = comment(reader, article)

    assert (refused.status_code, refused.json["code"]) == (429, "too-many-requests")
    assert refused.headers["Retry-After"] == "3000"
    assert comment(reader, article, **{"Idempotency-Key": str(HOURLY.most - 1)}).content == last.content
    assert comment(client_as(), article).status_code == 201
    clock.ahead(minutes=50)
    assert comment(reader, article).status_code == 201


def test_an_account_waits_for_approval_when_many_of_its_comments_do(clock, client, client_as, db, article):
    with db.write() as tx:
        reader = make_viewer(tx, role="customer")
        token = sign_in(tx, reader)
        waiting = [make_comment(tx, article, author=reader) for _ in range(MOST_WAITING)]
    path, mine = f"/v1/articles/{article.id}/comments", {"Authorization": f"Bearer {token}"}

    refused = client.simulate_post(path, json={"body": "Hi."}, headers=mine)
    client_as("editor").simulate_patch(f"/v1/comments/{waiting[0].id}", json={"status": "approved"})
    accepted = client.simulate_post(path, json={"body": "Hi."}, headers=mine)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert accepted.status_code == 201


def test_staff_comment_as_often_as_they_like(clock, client_as, article):
    shopkeeper = client_as("shopkeeper")

    answers = {comment(shopkeeper, article).status_code for _ in range(MOST_WAITING + 1)}

    assert answers == {201}


def test_a_comment_too_many_is_not_rendered_and_one_that_is_refused_does_not_count(
    clock, client_as, article, monkeypatch
):
    reader = client_as()
    path = f"/v1/articles/{article.id}/comments"
    unknown = {"body": "Hi.", "parent": "cmt_" + "0" * 26}
    refused = [reader.simulate_post(path, json=unknown).status_code for _ in range(HOURLY.most)]
    accepted = [comment(reader, article).status_code for _ in range(HOURLY.most)]
    monkeypatch.setattr(markup, "render_comment", lambda _: pytest.fail("rendered"))

    over = comment(reader, article).status_code

    assert (set(refused), set(accepted), over) == ({409}, {201}, 429)


def test_comments_at_once_are_counted_one_after_the_other(clock, client_as, article):
    reader = client_as()

    with ThreadPoolExecutor(6) as pool:
        answers = [answer.status_code for answer in pool.map(lambda _: comment(reader, article), range(12))]

    assert sorted(answers) == [201] * HOURLY.most + [429] * 2
