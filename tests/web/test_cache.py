"""What the cache answers is what the application would have answered, to the byte, at that very moment."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.web.cached import GENERATED, ORIGIN, Answer

PATHS = st.sampled_from(
    [
        "/v1/articles", "/v1/articles/fog", "/v1/articles/tomorrow", "/v1/articles/" + quote("brume-d-été"),
        "/v1/articles/fog/comments", "/v1/items", "/v1/items/mug", "/v1/items/cup", "/v1/items/%00",
        "/v1/items/", "/v1/variants/MUG", "/v1/variants/cup", "/v1/variants/none", "/v1/tags",
        "/v1/categories", "/v1/authors", "/feed.json", "/feed.atom", "/sitemap.xml", "/openapi.json",
        "/v1/roles", "/v1/me", "/teapot", "/nothing",
    ]
)  # fmt: skip
QUERIES = st.sampled_from(
    ["", "limit=1", "limit=0", "q=fog", "tag=" + quote("été"), "tag=%zz", "status=draft", "nope=1", "token=x"]
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "accept": st.sampled_from(["*/*", "application/json", "text/html", "application/json;q=0"]),
        "origin": st.sampled_from([ORIGIN, "https://else.example", "null"]),
        "host": st.sampled_from(["falconframework.org", "other.example"]),
        "authorization": st.sampled_from(["Bearer nobodys", "Basic x", "customer", "editor", "shopkeeper"]),
        "if_none_match": st.sampled_from(["*", '"x"', "etag", 'W/"x", etag']),
        "x_request_id": st.sampled_from(["mine", "not mine"]),
    },
)


@hypothesis_settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=PATHS,
    query=QUERIES,
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    headers=HEADERS,
    first=st.sampled_from(["stranger", "customer", "editor", "shopkeeper"]),
)
def test_every_answer_and_its_log_are_those_of_the_application(
    apps, shelf, tokens, monkeypatch, path, query, method, headers, first
):
    cached, plain = apps
    target = f"{path}?{query}" if query else path
    if "etag" in headers.get("if_none_match", ""):
        etag = dict(Answer(plain, target).headers).get("etag", '"x"')
        headers = {**headers, "if_none_match": headers["if_none_match"].replace("etag", etag)}

    if headers.get("authorization") in tokens:
        headers = {**headers, "authorization": tokens[headers["authorization"]]}
    Answer(cached, target, **{**headers, "authorization": tokens.get(first)})

    lines = Lines(monkeypatch)
    answers = [Answer(app, target, method, **headers) for app in (plain, cached, cached)]

    assert answers[0] == answers[1] == answers[2]
    assert len(lines.told) == 3
    assert lines.told[0] == lines.told[1] == lines.told[2]


class Lines:
    """What the access log is told, but for how long it took."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[dict[str, Any]] = []
        log = logging.getLogger("kiosque.access")
        monkeypatch.setattr(log, "isEnabledFor", lambda _level: True)
        monkeypatch.setattr(log, "handle", self._hear)

    def _hear(self, line: logging.LogRecord) -> None:
        request_id = GENERATED.sub(b"", line.extra["request_id"].encode())  # type: ignore[attr-defined]
        self.told.append({**line.extra, "request_id": request_id, "duration_ms": None})  # type: ignore[attr-defined]


def test_an_answer_is_at_hand_from_the_second_time_on(apps, shelf, database):
    cached, plain = apps

    at_hand = [Answer(cached, "/v1/articles").at_hand for _ in range(3)]

    assert at_hand == [False, database == "sqlite", database == "sqlite"]
    assert not Answer(plain, "/v1/articles").at_hand


@pytest.mark.only_on("sqlite")
def test_who_has_been_seen_gets_at_hand_what_everybody_gets(apps, shelf, tokens):
    cached, _ = apps
    Answer(cached, "/v1/articles")

    at_hand = [Answer(cached, "/v1/articles", authorization=tokens["customer"]).at_hand for _ in range(2)]

    assert at_hand == [False, True]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("path", ["/v1/articles/fog", "/v1/items/mug", "/v1/variants/MUG", "/v1/tags"])
def test_staff_never_get_what_a_stranger_is_shown_instead(apps, shelf, tokens, path):
    cached, plain = apps
    Answer(cached, path)

    for who in (tokens["editor"], tokens["shopkeeper"]):
        answers = [Answer(cached, path, authorization=who) for _ in range(3)]

        assert answers == [Answer(plain, path, authorization=who)] * 3
        assert not any(answer.at_hand for answer in answers)


@pytest.mark.only_on("sqlite")
def test_what_a_customer_asked_for_first_is_at_hand_for_everybody(apps, shelf, tokens):
    cached, _ = apps
    customer, editor = tokens["customer"], tokens["editor"]

    asked = (editor, customer, customer, None)
    at_hand = [Answer(cached, "/v1/articles/fog", authorization=who).at_hand for who in asked]

    assert at_hand == [False, False, True, True]
