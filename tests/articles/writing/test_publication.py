"""Publishing, scheduling, dating back and taking back: one comparison at read time."""

from __future__ import annotations

import pytest

from api import times
from api.storage import Database


@pytest.fixture
def path(client_as):
    author = client_as("author")
    made = author.simulate_post("/v1/articles", json={"title": "Fog", "body": "Text."})
    return author, made.headers["Location"]


def test_publishing_makes_it_public_now(client, path):
    author, article = path

    answer = author.simulate_put(f"{article}/publication")

    assert (answer.status_code, answer.json["status"]) == (200, "published")
    assert answer.json["published_at"] == answer.json["publish_at"]
    assert client.simulate_get(article).json == {**answer.json, "body": None}


def test_publishing_again_keeps_the_time(path):
    author, article = path
    first = author.simulate_put(f"{article}/publication")

    second = author.simulate_put(f"{article}/publication", json={})

    assert second.content == first.content


def test_a_time_to_come_schedules(client, path, db: Database):
    author, article = path

    answer = author.simulate_put(f"{article}/publication", json={"publish_at": "2999-01-01T01:00:00+01:00"})

    assert (answer.json["status"], answer.json["published_at"]) == ("scheduled", None)
    assert answer.json["publish_at"] == "2999-01-01T00:00:00.000Z"
    assert client.simulate_get(article).status_code == 404
    assert client.simulate_get("/v1/articles").json["data"] == []

    db.clock = lambda: times.Instant("2999-01-01T00:00:00.000Z")  # all that happens is time

    assert len(client.simulate_get("/v1/articles").json["data"]) == 1
    assert client.simulate_get(article).json["status"] == "published"


def test_a_scheduled_article_can_be_published_now(path):
    author, article = path
    author.simulate_put(f"{article}/publication", json={"publish_at": "2999-01-01T00:00:00Z"})

    answer = author.simulate_put(f"{article}/publication", json={"publish_at": None})

    assert answer.json["status"] == "published"


def test_a_time_that_was_dates_back(client, path):
    author, article = path

    answer = author.simulate_put(f"{article}/publication", json={"publish_at": "1999-12-31T23:59:59.5Z"})

    assert answer.json["published_at"] == "1999-12-31T23:59:59.500Z"
    assert client.simulate_get(article).status_code == 200


def test_taking_back_makes_a_draft_and_again_changes_nothing(client, path):
    author, article = path
    author.simulate_put(f"{article}/publication")

    assert author.simulate_delete(f"{article}/publication").status_code == 204
    draft = author.simulate_get(article)
    assert author.simulate_delete(f"{article}/publication").status_code == 204

    assert (draft.json["status"], draft.json["publish_at"]) == ("draft", None)
    assert author.simulate_get(article).content == draft.content
    assert client.simulate_get(article).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"publish_at": "2026-01-01T00:00:00"}, 422, "invalid-format"),
        ({"publish_at": "soon"}, 422, "invalid-format"),
        ({"publish_at": 5}, 422, "invalid-type"),
        ({"at": None}, 422, "unknown-field"),
    ],
)
def test_a_bad_time_is_refused(path, body, status, code):
    author, article = path

    answer = author.simulate_put(f"{article}/publication", json=body)

    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize("publish_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_times_at_the_edge_of_the_calendar_are_taken(path, publish_at):
    author, article = path

    answer = author.simulate_put(f"{article}/publication", json={"publish_at": publish_at})

    assert answer.status_code == 200


def test_publishing_what_was_withdrawn_keeps_its_date(path, db: Database):
    author, article = path
    first = author.simulate_put(f"{article}/publication").json["published_at"]
    author.simulate_delete(f"{article}/publication")
    later = times.later(times.now(), seconds=60)
    db.clock = lambda: later

    again = author.simulate_put(f"{article}/publication", json={}).json["published_at"]
    redated = author.simulate_put(f"{article}/publication", json={"publish_at": "2020-01-01T00:00:00Z"})

    assert again == first
    assert redated.json["published_at"] == "2020-01-01T00:00:00.000Z"
