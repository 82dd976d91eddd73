"""What every answer carries, whatever the resource."""

from __future__ import annotations

from dataclasses import replace

import pytest
from falcon.testing import TestClient

from api.app import create_app
from tests.factories import CHEAP_HASHER


def test_every_answer_carries_the_safety_headers(client):
    answer = client.simulate_get("/healthz")

    assert answer.json == {"status": "ok"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/items", "/v1/tags", "/feed.json", "/feed.atom"])
def test_pages_of_other_sites_may_load_what_everybody_may_read(client, path):
    assert client.simulate_get(path).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/", "/docs", "/problems", "/v1/me", "/v1/orders", "/v1/nothing"])
def test_pages_of_other_sites_may_not_load_the_rest(client, path):
    assert client.simulate_get(path).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_browsers_are_not_bound_to_https_that_the_site_does_not_have(db, settings):
    client = TestClient(create_app(replace(settings, url="http://kiosque.test"), db, CHEAP_HASHER))

    answer = client.simulate_get("/v1")

    assert "Strict-Transport-Security" not in answer.headers


def test_a_request_id_of_the_client_is_kept_and_a_bad_one_replaced(client):
    assert client.simulate_get("/teapot", headers={"X-Request-ID": "abc-1"}).json["request_id"] == "abc-1"
    assert (
        client.simulate_get("/teapot", headers={"X-Request-ID": "a b"}).json["request_id"].startswith("req_")
    )


def test_head_answers_as_get_without_a_body(client):
    head, get = client.simulate_head("/healthz"), client.simulate_get("/healthz")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))
    assert head.headers["ETag"] == get.headers["ETag"]


def test_options_names_the_methods(client):
    answer = client.simulate_options("/healthz")

    assert answer.status_code == 204
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_etag_that_is_known_is_answered_with_304(client):
    etag = client.simulate_get("/healthz").headers["ETag"]

    answer = client.simulate_get("/healthz", headers={"If-None-Match": f'"other", W/{etag}'})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["ETag"] == etag


def test_a_problem_says_what_to_do_and_counts_the_errors_that_it_leaves_out(client):
    body = dict.fromkeys(map(str, range(5_000)))

    problem = client.simulate_post("/v1/accounts", json=body).json

    explained = client.simulate_get(f"/problems/{problem['code']}").json
    assert (problem["type"], problem["remedy"]) == (explained["type"], explained["remedy"])
    assert len(problem["errors"]) == 100
    assert problem["errors_left_out"] == 4_903  # three required fields are missing as well
    assert client.simulate_get("/teapot").json.keys().isdisjoint({"errors", "errors_left_out"})


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/teapot", 418, "teapot"),
        ("GET", "/v1/nothing", 404, "no-such-path"),
        ("POST", "/v1/article", 404, "no-such-path"),
        ("GET", "/v1/articles/", 404, "no-such-path"),
        ("GET", "/v1//articles", 404, "no-such-path"),
        ("GET", "/v1/articles/%zz", 404, "not-found"),
        ("GET", "/healthz/", 404, "not-found"),
        ("GET", "/../healthz", 404, "not-found"),
        ("GET", "/%zz", 404, "not-found"),
        ("GET", "/%ff", 404, "not-found"),
        ("POST", "/healthz", 405, "method-not-allowed"),
        ("BREW", "/healthz", 501, "method-not-implemented"),
        ("GET", "/healthz?x=1", 400, "unknown-parameter"),
        ("GET", "/healthz?token=1", 400, "secret-in-url"),
    ],
)
def test_a_refusal_is_a_problem(client, method, path, status, code):
    answer = client.simulate_request(method, path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["code"] == code
    assert answer.json["type"] == f"https://kiosque.test/problems/{code}"
    assert answer.headers["Cache-Control"] == "no-store"
