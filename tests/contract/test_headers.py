"""Contract 3.18, 3.22 and 3.26, 6.3, 6.59 and 6.61: request ids, Vary, CORS, the teapot, the problems."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.client import PROBLEM_KEYS
from tests.contract.operations import path_for
from tests.contract.server import World

pytestmark = pytest.mark.only_on("sqlite")

FRIEND = "https://friend.test"


@pytest.mark.parametrize(
    "path", ["/v1/roles", "/v1/nothing", "/teapot", "/app.js", "/nothing", "/v1/me", "/shop"]
)
@pytest.mark.parametrize("request_id", ["a", "A-b_c.9", "x" * 64])
def test_a_harmless_request_id_is_kept(world: World, path: str, request_id: str):
    answer = world.stranger.get(path, X_Request_ID=request_id)

    assert answer.header("X-Request-ID") == request_id


@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "a/b", "é", "a,b", "<script>", '"a"'])
def test_any_other_is_replaced(world: World, request_id: str):
    answer = world.stranger.get("/teapot", X_Request_ID=request_id)

    assert answer.header("X-Request-ID") not in (request_id, "")
    assert answer.json["request_id"] == answer.header("X-Request-ID")


def test_a_request_id_sent_twice_is_replaced(world: World):
    answer = world.stranger.call("GET", "/teapot", headers=[("X-Request-ID", "a"), ("X-Request-ID", "b")])

    assert answer.json["request_id"].startswith("req_")


def test_probes_and_metrics_are_answered_by_any_name(strict: World):
    for path in ("/healthz", "/readyz", "/metrics"):
        for host in ("10.0.0.11:8000", "evil.test", "kiosque.test"):
            assert strict.stranger.call("GET", path, headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "kiosque.test.evil.test", "localhost", "127.0.0.1", "evil.test:80"]
)
@pytest.mark.parametrize("path", ["/v1/roles", "/", "/nothing", "/v1/nothing"])
def test_a_host_that_is_not_ours_is_misdirected(strict: World, host: str, path: str):
    strict.stranger.call("GET", path, headers={"Host": host}).is_problem(421, "misdirected")
    absolute = strict.stranger.call("GET", f"http://{host}{path}")
    absolute.is_problem(421, "misdirected")


@pytest.mark.parametrize("host", ["kiosque.test", "KIOSQUE.test", "kiosque.test:8000", "kiosque.test:"])
def test_our_host_is_answered_whatever_its_case_and_port(strict: World, host: str):
    assert strict.stranger.call("GET", "/v1/roles", headers={"Host": host}).status == 200
    assert strict.stranger.call("GET", f"http://{host}/v1/roles", headers={"Host": "evil.test"}).status == 200


PREFLIGHT = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}


@pytest.mark.parametrize("path", ["/v1/articles/x", "/v1/orders", "/v1/me"])
def test_a_preflight_of_an_allowed_origin_is_told_what_it_may(strict: World, path: str):
    answer = strict.stranger.call("OPTIONS", path, headers={"Origin": FRIEND, **PREFLIGHT})

    assert answer.status == 204
    assert answer.header("Access-Control-Allow-Origin") == FRIEND
    assert set((answer.header("Access-Control-Allow-Methods") or "").split(", ")) >= {"GET"}
    allowed = (answer.header("Access-Control-Allow-Headers") or "").lower()
    assert {"authorization", "content-type", "if-match", "idempotency-key", "traceparent"} <= set(
        allowed.split(", ")
    )
    assert "origin" in vary(answer)
    assert answer.header("Access-Control-Allow-Credentials") is None


def test_a_page_of_an_allowed_origin_can_read_that_a_path_does_not_exist(strict: World):
    preflight = strict.stranger.call("OPTIONS", "/v1/nope", headers={"Origin": FRIEND, **PREFLIGHT})
    answer = strict.stranger.call("PATCH", "/v1/nope", headers={"Origin": FRIEND})

    assert (preflight.status, preflight.body) == (204, b"")
    assert "PATCH" in (preflight.header("Access-Control-Allow-Methods") or "")
    answer.is_problem(404, "no-such-path")
    assert answer.header("Access-Control-Allow-Origin") == FRIEND


@pytest.mark.parametrize("origin", ["https://evil.test", "http://friend.test", "https://friend.test:8443",
"null",
                                    "https://friend.test.evil.test", "https://xfriend.test", "*",
                                    ""])  # fmt: skip
@pytest.mark.parametrize("method", ["OPTIONS", "GET"])
def test_any_other_origin_gets_no_leave(strict: World, world: World, method: str, origin: str):
    headers = {"Origin": origin, **(PREFLIGHT if method == "OPTIONS" else {})}

    for server in (strict, world):
        answer = server.stranger.call(method, "/v1/articles", headers=headers)
        assert answer.status == (204 if method == "OPTIONS" else 200)
        assert not [name for name, _ in answer.pairs if name.startswith("access-control-")]
        assert "origin" in vary(answer) or (server is world and method == "GET")


def test_an_allowed_origin_reads_answers_and_refusals_alike(strict: World):
    client = strict.client("customer")

    for path in ("/v1/articles", "/v1/me", "/v1/nothing", "/v1/accounts", "/teapot", "/openapi.json"):
        answer = client.get(path, Origin=FRIEND)
        assert answer.header("Access-Control-Allow-Origin") == FRIEND
        exposed = (answer.header("Access-Control-Expose-Headers") or "").lower()
        assert {"etag", "link", "location", "retry-after", "x-request-id"} <= set(exposed.split(", "))
        assert "origin" in vary(answer)
    known = client.get("/v1/roles", Origin=FRIEND, If_None_Match="*")
    assert (known.status, known.header("Access-Control-Allow-Origin")) == (304, FRIEND)


def test_vary_names_origin_where_origins_are_allowed(strict: World):
    for path in (
        "/v1/articles",
        "/v1/nothing",
        "/",
        "/shop",
        "/nothing",
        "/healthz",
        "/docs",
        "/docs/start.js",
    ):
        assert "origin" in vary(strict.stranger.get(path)), path


def test_vary_names_every_header_that_changes_the_answer(world: World):
    assert "accept" in vary(world.stranger.get("/problems"))
    assert "accept" in vary(world.stranger.get("/problems/teapot", Accept="text/html"))
    assert "accept-encoding" in vary(world.stranger.get("/docs/start.js"))
    assert "accept-encoding" in vary(world.stranger.get("/app.js"))


def test_the_teapot_declines(world: World):
    world.stranger.get("/teapot").is_problem(418, "teapot")
    assert world.stranger.call("HEAD", "/teapot").status == 418


def test_every_problem_has_its_page_in_json_and_html(world: World):
    listed = world.stranger.get("/problems").json["data"]
    page = world.stranger.get("/problems", Accept="text/html,application/xhtml+xml,*/*;q=0.8")

    assert {row["code"] for row in listed} >= CODES
    assert (page.header("Content-Type") or "").startswith("text/html")
    for row in listed:
        one = world.stranger.get(f"/problems/{row['code']}")
        assert one.json == row
        assert row["type"].endswith(f"/problems/{row['code']}")
        assert 400 <= row["status"] < 600
        assert all(row[key] for key in ("title", "meaning", "remedy"))
        html = world.stranger.get(f"/problems/{row['code']}", Accept="text/html")
        assert (html.header("Content-Type") or "").startswith("text/html")
        assert row["code"].encode() in html.body
    world.stranger.get("/problems/none", Accept="text/html").is_problem(404, "not-found")


CODES = {
    "host-required", "host-invalid", "misdirected", "bad-request", "method-not-implemented",
    "method-not-allowed", "uri-too-long", "headers-too-large", "bad-framing", "transfer-coding",
    "incomplete-body", "expectation-failed", "request-timeout", "not-found", "no-such-path",
    "invalid-parameter",
    "unknown-parameter", "repeated-parameter", "invalid-cursor", "body-too-large", "body-required",
    "unsupported-media-type", "unsupported-encoding", "invalid-json", "duplicate-key", "json-too-deep",
    "invalid-unicode", "invalid-characters", "invalid-type", "unknown-field", "required", "too-long",
    "invalid-format", "too-few", "too-many-lines", "out-of-range", "total-too-large", "currency-mismatch",
    "sku-taken", "options-mismatch", "unknown-item", "out-of-stock", "price-changed", "invalid-state",
    "idempotency-key-invalid", "idempotency-key-reused", "idempotency-in-progress",
    "authentication-required", "invalid-token", "invalid-credentials-format", "secret-in-url", "forbidden",
    "insufficient-scope", "login-failed", "too-many-requests", "too-short", "weak-password", "email-taken",
    "slug-taken", "not-acceptable", "precondition-failed", "range-not-satisfiable", "busy",
    "storage-unavailable", "shutting-down", "internal", "teapot", "last-owner",
}  # fmt: skip


def test_the_root_and_the_documents_stand_on_their_own(world: World, document: dict[str, Any]):
    root = world.stranger.get("/v1").json

    assert {"name", "version", "links"} <= set(root)
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["schemas"]["Problem"]["required"]) >= PROBLEM_KEYS
    docs = world.stranger.get("/docs")
    assert b"http://" not in docs.body.replace(b"http://www.w3.org", b"")
    assert b"https://" not in docs.body
    for path in ("/feed.json", "/feed.atom", "/sitemap.xml", "/robots.txt", "/docs/start.js"):
        assert world.stranger.get(path).status == 200


def test_options_needs_neither_credentials_nor_good_ones(world: World, document: dict[str, Any]):
    for template in document["paths"]:
        path = path_for(world, template, "own published", world.staff["owner"])
        for token in (None, "ks_nobody", "two words"):
            assert world.stranger.by(token).call("OPTIONS", path).status == 204
    world.stranger.call("OPTIONS", "/v1/nothing").is_problem(404, "no-such-path")
    world.stranger.call("OPTIONS", "/nothing").is_problem(404, "not-found")
    assert world.stranger.call("OPTIONS", "*").status in (200, 204)


def vary(answer: Any) -> set[str]:
    return set((answer.header("Vary") or "").lower().split(", "))
