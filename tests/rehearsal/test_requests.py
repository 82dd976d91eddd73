"""The list of requests: what a program has asked for, so that its tests can check it."""

from __future__ import annotations

import pytest

from api.rehearsal import queries
from api.rehearsal.queries import MOST_REQUESTS, State
from api.rehearsal.records import SeenRequest


def test_requests_are_listed_with_all_that_was_sent_and_how_they_were_answered(sandbox):
    customer = sandbox.someone()
    sandbox.fail("/v1/orders", {"code": 503, "after": True})
    body = {"lines": [{"sku": "mug", "quantity": 1}]}

    sandbox.get("/v1/articles?limit=1", User_Agent="Tests/1")
    customer.post("/v1/orders", body, Idempotency_Key="one")

    first, second = sandbox.get("/rehearsal/requests").json["data"]
    assert (first["method"], first["path"], first["query"]) == ("GET", "/v1/articles", "limit=1")
    assert (first["body"], first["status"], first["fault"]) == (None, 200, None)
    assert first["headers"]["user-agent"] == "Tests/1"
    assert (second["body"], second["status"]) == (body, 503)
    assert second["fault"] == {"code": 503, "after": True}
    assert second["headers"]["authorization"] == f"Bearer {customer.token}"
    assert second["headers"]["idempotency-key"] == "one"


def test_the_list_begins_again_at_a_reset_and_when_it_is_deleted(sandbox):
    sandbox.get("/v1/articles")
    deleted = sandbox.delete("/rehearsal/requests")
    empty = sandbox.get("/rehearsal/requests").json["data"]
    sandbox.get("/v1/articles")
    sandbox.post("/rehearsal/resets")

    assert deleted.status == 204
    assert empty == sandbox.get("/rehearsal/requests").json["data"] == []


@pytest.mark.parametrize("body", [b"not json", b"\xff"])
def test_a_body_that_is_no_json_is_shown_as_text(sandbox, body):
    sandbox.post("/v1/orders", body.decode("latin-1"))

    (seen,) = sandbox.get("/rehearsal/requests").json["data"]
    assert seen["body"] == body.decode("latin-1")


def test_only_the_latest_requests_are_kept(tmp_path):
    queries.create(tmp_path / "state.db")
    state = State(tmp_path / "state.db")

    for number in range(MOST_REQUESTS + 5):
        request = SeenRequest("", "GET", f"/{number}", "", {}, None, 200, None, "")
        state.insert_request(request)

    paths = [request.path for request in state.list_requests()]
    assert (len(paths), paths[0], paths[-1]) == (MOST_REQUESTS, "/5", f"/{MOST_REQUESTS + 4}")
