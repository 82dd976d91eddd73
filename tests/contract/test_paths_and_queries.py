"""Contract 6.6–6.8, 6.16–6.18, 6.43 and 6.50: methods, paths, queries and Accept."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.operations import BODIES, body_of, path_for
from tests.contract.server import World

pytestmark = pytest.mark.mostly_on("sqlite")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY")


def concrete(world: World, template: str) -> str:
    person = world.staff["owner"]
    return path_for(world, template, "own published", person)


@pytest.mark.parametrize("method", ["PROPFIND", "CONNECT", "BREW", "LINK", "M-SEARCH", "FOO!", "GETT"])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/nothing", "/", "/app.js", "/healthz"])
def test_a_method_of_no_resource_is_not_implemented(world: World, method: str, path: str):
    if method == "CONNECT":
        path = "kiosque.test:80"

    world.stranger.call(method, path).is_problem(501, "method-not-implemented")


def test_every_other_method_is_405_with_the_allow_that_options_tells(world: World, document: dict[str, Any]):
    wrong = []
    for template, methods in document["paths"].items():
        path = concrete(world, template)
        options = world.stranger.call("OPTIONS", path)
        allowed = {method.upper() for method in methods} | {"OPTIONS"}
        allowed |= {"HEAD"} if "GET" in allowed else set()
        if (options.status, set((options.header("Allow") or "").split(", "))) != (204, allowed):
            wrong.append(("OPTIONS", path, options.pairs))
        for method in set(METHODS) - allowed:
            answer = world.stranger.call(method, path)
            named = set((answer.header("Allow") or "").split(", "))
            if (answer.status, named) != (405, allowed):
                wrong.append((method, path, answer.status, named))
    assert not wrong


def test_head_is_get_without_its_body_on_every_path(world: World, document: dict[str, Any]):
    wrong = []
    for template, methods in document["paths"].items():
        if "get" not in methods or template in ("/metrics", "/v1/jobs", "/v1/checks"):
            continue  # they change by themselves
        path = concrete(world, template)
        get, head = (world.client("owner").call(method, path) for method in ("GET", "HEAD"))
        changing = ("date", "x-request-id")
        if get.status != head.status or any(
            pair not in head.pairs for pair in get.pairs if pair[0] not in changing
        ):
            wrong.append((path, get.pairs, head.pairs))
    assert not wrong


@pytest.mark.parametrize("path", ["/v1/unknown", "/v1/articles/none", "/v1/me", "/nothing"])
def test_head_of_what_is_refused_says_so_without_a_body(world: World, path: str):
    get, head = world.stranger.get(path), world.stranger.call("HEAD", path)

    assert head.status == get.status >= 400
    assert head.header("Content-Type") == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/healthz/", "/teapot/", "/problems/", "//v1/roles", "/v1/./roles", "/v1/../v1/roles",
        "/v1/%2e%2e/v1/roles", "/v1/%2E/roles", "/a/../b", "/v1/articles/..", "/v1/articles/a%2fb",
        "/v1%2froles", "/v1/roles%2f",
        "/v1/articles/%00", "/v1/articles/a%00b", "/v1/items/%ff", "/v1/items/%c0%af", "/v1/items/%ed%a0%80",
        "/v1/items/%zz", "/v1/items/%", "/v1/items/%a", "/v1/orders/%00", "/v1/variants/%0a",
        "/V1/roles", "/v2/roles", "/v1/orders/ord_x",
        "/v1/orders/" + "9" * 400, "/v1/accounts/-1", "/v1/articles/" + quote("🤖" * 300),
        "/v1/variants/" + "a" * 400, "/problems/nothing", "/docs/../../pyproject.toml",
        "/docs/start.js%00", "/docs/swagger_bundle.js.map",
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_not_found(world: World, path: str):
    world.client("owner").get(path).is_problem(404, "not-found")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/unknown", "/v1/", "/v1//", "/v1/articles/", "/v1/roles/", "/v1/me/", "/v1//roles",
        "/v1/roles%20", "/v1/roles;x=1", "/v1/Roles", "/v1/problems", "/v1/article", "/v1/articles/a/b/c",
    ],
)  # fmt: skip
def test_a_path_that_the_api_does_not_have_is_no_such_path(world: World, path: str):
    for person in ("stranger", "owner"):
        client = world.stranger if person == "stranger" else world.client(person)
        client.get(path).is_problem(404, "no-such-path")


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "PUT", "POST"])
def test_a_strange_name_is_not_found_for_writes_too(world: World, document: dict[str, Any], method: str):
    for template, methods in document["paths"].items():
        if "{" not in template or method.lower() not in methods or template.startswith("/test-payments"):
            continue  # that page takes a form
        for name in ("%00", "%ff", "x" * 300, "%F0%9F%A4%96", "-1", "0", "%0d%0aX-Evil:1", "'%20OR%201=1--"):
            path = "/".join(name if part.startswith("{") else part for part in template.split("/"))
            body = _least_body(document, methods[method.lower()])
            assert world.client("owner").call(method, path, body).is_problem(404, "not-found")


def _least_body(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    for (_, path), body in BODIES.items():
        if document["paths"].get(path, {}) and operation in document["paths"][path].values():
            return body
    return ...


def test_percent_encoded_letters_are_the_letters(world: World):
    assert world.stranger.get("/v1/%72oles").status == 200
    assert world.stranger.get("http://kiosque.test/v1/roles").status == 200


BAD_QUERIES = [
    ("q=%ff", "invalid-parameter", "q"),
    ("q=%zz", "invalid-parameter", "q"),
    ("q=%", "invalid-parameter", "q"),
    ("q=%00", "invalid-parameter", "q"),
    ("q=" + "a" * 201, "invalid-parameter", "q"),
    ("Q=a", "unknown-parameter", "Q"),
    ("=a", "unknown-parameter", ""),
    ("q[]=a", "unknown-parameter", "q[]"),
    ("_method=DELETE", "unknown-parameter", "_method"),
    ("q=a&q=b", "repeated-parameter", "q"),
    ("q=a&%71=a", "repeated-parameter", "q"),
    ("limit=1&limit=1", "repeated-parameter", "limit"),
    *((f"limit={value}", "invalid-parameter", "limit")
      for value in ("0", "-1", "101", "x", "", "1.0", "1e1", "+1", "%201", "1%20", "1_0", "%D9%A3",
      "9" * 50, "0x1", "true")),
    *((f"after={value}", "invalid-cursor", "after") for value in ("", "x", "%20", "null", "-1", "a" * 5000)),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "name"), BAD_QUERIES, ids=[q[0][:20] for q in BAD_QUERIES])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/items"])
def test_a_query_that_cannot_be_read_is_named(world: World, path: str, query: str, code: str, name: str):
    answer = world.stranger.get(f"{path}?{query}")

    answer.is_problem(400, code)
    assert answer.errors() == {(name, code)}


def test_everything_wrong_with_a_query_is_told_at_once(world: World):
    answer = world.stranger.get("/v1/articles?nope=1&limit=0&limit=2&after=x&q=%ff&type=book")

    assert answer.errors() >= {
        ("nope", "unknown-parameter"),
        ("limit", "repeated-parameter"),
        ("limit", "invalid-parameter"),
        ("after", "invalid-cursor"),
        ("type", "invalid-parameter"),
        ("q", "invalid-parameter"),
    }
    assert answer.code == answer.json["errors"][0]["code"]


def test_every_list_bounds_its_limit_and_no_path_takes_what_it_does_not_know(
    world: World, document: dict[str, Any]
):
    wrong = []
    for template, methods in document["paths"].items():
        path, owner = concrete(world, template), world.client("owner")
        for method, operation in methods.items():
            if template.startswith("/test-payments"):
                continue  # that page takes a form
            body = body_of(world, method.upper(), template)
            owner.call(method.upper(), f"{path}?nope=1", body).is_problem(400, "unknown-parameter")
            names = {parameter["name"] for parameter in operation["parameters"]}
            queries = {}
            if "limit" in names:
                queries |= {"limit=0": "invalid-parameter", "limit=101": "invalid-parameter"}
                queries |= {"after=%01": "invalid-cursor"}
                if owner.get(f"{path}?limit=1").status != 200 or owner.get(f"{path}?limit=100").status != 200:
                    wrong.append((path, "limit"))
            for query, code in queries.items():
                answer = owner.get(f"{path}?{query}")
                if (answer.status, answer.json.get("code")) != (400, code):
                    wrong.append((path, query, answer.status))
    assert not wrong


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "password", "TOKEN", "pass%77ord"])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/me", "/healthz", "/teapot", "/problems"])
def test_a_secret_in_the_query_is_refused_and_not_repeated(world: World, path: str, name: str):
    answer = world.stranger.get(f"{path}?x=1&{name}=hunter2-{name}")

    answer.is_problem(400, "secret-in-url")
    assert b"hunter2" not in answer.body
    log = world.log.read_text()
    assert "[redacted]" in log
    assert f"hunter2-{name}" not in log


def test_the_document_says_that_no_parameter_holds_a_nul(document: dict[str, Any]):
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            schema = parameter["schema"]
            is_text = schema.get("type") == "string" and not {"enum", "format"} & schema.keys()
            if parameter["in"] == "query" and is_text:
                assert not re.search(schema["pattern"], "a\0b"), (path, parameter["name"])


@pytest.mark.parametrize(
    "q",
    ['"', "'", "a AND", "*", "a:b", "NEAR(", "-x", "%25", "_", "\\", "🤖", "a" * 200, "  ", "é" * 100, "(",
     "--",
     "SELECT", "NOT", "OR OR", "\u0301", "ß", "\u202e", "\ufeff", "½", "&", "+"],
)  # fmt: skip
def test_whatever_a_person_types_is_a_query(world: World, q: str):
    for path in ("/v1/articles", "/v1/items"):
        assert world.stranger.get(f"{path}?q={quote(q, safe='')}").status == 200


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/xml", "image/*", "application/json;q=0", "*/*;q=0", "text/*", "nonsense",
     "application/vnd.kiosque+json", "text/html;q=1, application/xml;q=0.9"],
)  # fmt: skip
def test_an_accept_without_json_is_refused_on_api_paths(world: World, accept: str):
    for path in ("/v1", "/v1/articles", "/healthz"):
        world.stranger.get(path, Accept=accept).is_problem(406, "not-acceptable")
    world.client("author").post("/v1/articles", {}, Accept=accept).is_problem(406, "not-acceptable")


@pytest.mark.parametrize(
    "accept", ["*/*", "Application/*", "text/html, */*;q=0.1", "", "APPLICATION/JSON; q=0.001"]
)
def test_an_accept_with_json_gets_it(world: World, accept: str):
    assert world.stranger.get("/v1/articles", Accept=accept).status == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "text/plain"])
def test_a_problem_is_json_whatever_accept_says(world: World, accept: str):
    assert world.stranger.get("/v1/nothing", Accept=accept).is_problem(404, "no-such-path")
    assert world.stranger.get("/nothing", Accept=accept).is_problem(404, "not-found")
    assert world.stranger.get("/teapot", Accept=accept).status in (406, 418)
