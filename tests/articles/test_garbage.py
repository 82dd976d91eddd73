"""Nothing that a client sends makes the server fail."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_article, make_viewer

NAMES = (
    *(
        "title",
        "body",
        "type",
        "format",
        "slug",
        "excerpt",
        "language",
        "image",
        "tags",
        "categories",
        "featured",
    ),
    *("comment_policy", "publish_at", "parent", "status", "url", "alt", "id"),
)
PLAUSIBLE = (
    *("article", "html", "open", "approved", "fog", "-", "", "é", "🦀", "\uffff", "€"),
    *("2026-01-01T00:00:00Z", "cmt_" + "0" * 26),
)
names, plausible = st.sampled_from(NAMES), st.sampled_from(PLAUSIBLE)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
bodies = values | st.dictionaries(names, values | plausible | st.lists(plausible, max_size=3), max_size=6)
writes = st.sampled_from(
    [
        ("POST", ""),
        ("PATCH", "/{article}"),
        ("PUT", "/{article}/publication"),
        ("POST", "/{article}/comments"),
        ("PATCH", "/../comments/{comment}"),
    ]
)


@pytest.fixture
def owner(client_as, db):
    client = client_as("owner")
    with db.write() as tx:
        article = make_article(tx, author=make_viewer(tx)).id
    comment = client.simulate_post(f"/v1/articles/{article}/comments", json={"body": "x"}).json["id"]
    return client, {"article": article, "comment": comment}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(write=writes, body=bodies, key=st.none() | st.text(st.characters(codec="ascii"), max_size=5))
def test_no_body_makes_the_server_fail(owner, write, body, key):
    client, ids = owner
    method, path = write
    path = f"/v1/articles{path}".replace("/articles/..", "").format(**ids)
    headers = {"Idempotency-Key": key} if key and key.isprintable() else {}

    answer = client.simulate_request(method, path, json=body, headers=headers)

    assert answer.status_code < 500, answer.json
    _assert_problem_or_view(answer)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "DELETE", "PATCH", "PUT"]),
    name=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30),
    under=st.sampled_from(["", "/publication", "/comments"]),
)
def test_no_name_makes_the_server_fail(owner, method, name, under):
    client, _ = owner

    answer = client.simulate_request(method, f"/v1/articles/{quote(name, safe='')}{under}", json={})

    assert answer.status_code in (404, 405)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/v1/articles", "/v1/comments", "/v1/tags", "/v1/categories", "/v1/authors"]),
    parameter=st.sampled_from(["q", "tag", "category", "author", "type", "status", "limit", "after", "x"]),
    value=st.text(st.characters(exclude_categories=("Cs",)), max_size=50),
)
def test_no_parameter_makes_the_server_fail(owner, path, parameter, value):
    client, _ = owner

    answer = client.simulate_get(path, query_string=f"{parameter}={quote(value)}")

    assert answer.status_code in (200, 400)
    _assert_problem_or_view(answer)


def _assert_problem_or_view(answer: Any) -> None:
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["code"]
