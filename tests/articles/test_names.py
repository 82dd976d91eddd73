"""Names, titles and slugs that show nothing are refused, and a new name of an author is shown at once."""

from __future__ import annotations

import pytest

INVISIBLE = ("\u200b", "\u2800", "\u202e", "\u3164 \ufe0f", "\xad", " \u2060\t")


@pytest.mark.parametrize("title", INVISIBLE)
def test_a_title_or_tag_that_shows_nothing_is_refused(client_as, title):
    author = client_as("author")

    answers = [
        author.simulate_post("/v1/articles", json={"title": "x", "body": "", **fields})
        for fields in ({"title": title}, {"tags": [title]})
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(422, "invalid-format")] * 2


@pytest.mark.parametrize("slug", ["\u200b", "a\u200db", "☕", "—", "a\ufe0f"])
def test_a_slug_with_a_character_that_no_slug_has_is_refused(client_as, slug):
    answer = client_as("author").simulate_post("/v1/articles", json={"title": "x", "body": "", "slug": slug})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-format")


def test_a_slug_is_found_with_its_letters_composed_or_not(client_as):
    author = client_as("author")
    author.simulate_post("/v1/articles", json={"title": "Café", "body": "", "slug": "caf\u00e9"})

    answer = author.simulate_get("/v1/articles/cafe%CC%81")

    assert (answer.status_code, answer.json["slug"]) == (200, "caf\u00e9")


def test_a_new_name_is_in_bylines_and_in_the_list_of_authors_at_once(client, client_as):
    author = client_as("author", name="Ada")
    path = author.simulate_post("/v1/articles", json={"title": "x", "body": ""}).headers["Location"]
    author.simulate_put(f"{path}/publication")

    author.simulate_patch("/v1/me", json={"name": "Grace"})

    assert client.simulate_get(path).json["authors"] == [{"name": "Grace", "slug": "ada"}]
    assert client.simulate_get("/v1/authors").json["data"] == [{"name": "Grace", "slug": "ada", "count": 1}]
