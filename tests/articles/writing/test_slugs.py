"""Former slugs: they lead on, and whoever may not edit a published article cannot end its redirect."""

from __future__ import annotations

import pytest


@pytest.fixture
def owner(client_as):
    """The author of a published article whose slug was `news` and is `news-2`."""
    author = client_as("author")
    body = {"title": "News", "body": "x", "slug": "news"}
    path = author.simulate_post("/v1/articles", json=body).headers["Location"]
    author.simulate_put(f"{path}/publication")
    author.simulate_patch(path, json={"slug": "news-2"})
    return author


def take(client, slug: str = "news"):
    return client.simulate_post("/v1/articles", json={"title": "x", "body": "x", "slug": slug})


def test_another_author_cannot_take_the_former_slug_of_a_published_article(client, client_as, owner):
    other = client_as("author")
    mine = other.simulate_post("/v1/articles", json={"title": "Mine", "body": "x"}).headers["Location"]

    refused = [take(other), other.simulate_patch(mine, json={"slug": "NEWS".lower()})]

    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(409, "slug-taken")] * 2
    assert client.simulate_get("/v1/articles/news").status_code == 308


@pytest.mark.parametrize("who", ["its author", "an editor"])
def test_who_may_edit_the_article_may_take_its_former_slug(client_as, owner, who):
    assert take(owner if who == "its author" else client_as("editor")).status_code == 201


def test_the_former_slug_of_a_draft_is_free(client_as, owner):
    owner.simulate_delete("/v1/articles/news-2/publication")

    assert take(client_as("author")).status_code == 201
