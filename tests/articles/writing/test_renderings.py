"""Previews of texts."""

from __future__ import annotations

import pytest

from tests.nouns import Noun

NOUN = Noun(
    roles="""
POST   /v1/renderings                         -                401 401 403 200 200 403 200 403
""",
    bodies={("POST", "/v1/renderings"): {"body": "*fog*"}},
)
HOSTILE = '<script>x</script><p onclick="x()"><a href="javascript:x()">fog</a></p>'


@pytest.mark.parametrize(
    ("body", "format"),
    [
        ("# Hi\n\n**fog**[^1]\n\n[^1]: note", "markdown"),
        (HOSTILE, "markdown"),
        (HOSTILE, "html"),
        ("", "html"),
    ],
)
def test_a_rendering_is_what_an_article_of_that_text_shows(client_as, body, format):
    author = client_as("author")

    rendering = author.simulate_post("/v1/renderings", json={"body": body, "format": format})

    article = author.simulate_post("/v1/articles", json={"title": "Fog", "body": body, "format": format})
    assert rendering.status_code == 200
    assert rendering.json == {"body_html": article.json["body_html"]}


def test_the_longest_text_is_rendered_and_a_longer_one_refused_as_in_an_article(client_as):
    author = client_as("author")

    statuses = {}
    for length in (200_000, 200_001):
        body = "é" * length
        statuses[length] = [
            author.simulate_post(
                path, json={"title": "Fog", "body": body} if "articles" in path else {"body": body}
            )
            for path in ("/v1/renderings", "/v1/articles")
        ]

    assert [answer.status_code for answer in statuses[200_000]] == [200, 201]
    assert [answer.status_code for answer in statuses[200_001]] == [422, 422]
    assert statuses[200_001][0].json["errors"] == statuses[200_001][1].json["errors"]


def test_a_repeated_key_is_ignored_by_a_rendering(client_as):
    author = client_as("author")

    answers = [
        author.simulate_post("/v1/renderings", json={"body": body}, headers={"Idempotency-Key": "k"})
        for body in ("fog", "sun")
    ]

    assert [answer.json["body_html"] for answer in answers] == ["<p>fog</p>\n", "<p>sun</p>\n"]
