"""Contract 6.19–6.31 against every operation of the document that takes JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.client import Answer, Client
from tests.contract.operations import BODIES, UPLOADS, body_of, path_for
from tests.contract.schema import Schemas
from tests.contract.server import World
from tests.contract.test_roles import ROWS

pytestmark = pytest.mark.mostly_on("sqlite")

WITH_BODY = sorted(BODIES.keys() - UPLOADS)
MERGE_PATCH = "application/merge-patch+json"


def ids(operation: tuple[str, str]) -> str:
    return " ".join(operation)


class Target:
    """An operation, sent by the owner to something that is there."""

    def __init__(self, world: World, document: dict[str, Any], operation: tuple[str, str]) -> None:
        self.method, template = operation
        self.operation = document["paths"][template][self.method.lower()]
        self.person = world.staff["owner"]
        self.client: Client = world.client("owner")
        thing = "own" if template.startswith("/v1/me/") else "other published"
        self.path = path_for(world, template, thing, self.person)
        self.body: dict[str, Any] = body_of(world, *operation)
        self.world = world

    def send(self, body: bytes, **headers: str) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.call(self.method, self.path, body=body, headers=headers)

    @property
    def required(self) -> bool:
        return bool(self.operation["requestBody"]["required"])


@pytest.fixture
def target(world: World, document: dict[str, Any], request: pytest.FixtureRequest) -> Target:
    return Target(world, document, request.param)


every_body = pytest.mark.parametrize("target", WITH_BODY, ids=ids, indirect=True)


def test_every_operation_with_a_body_is_tried(document: dict[str, Any]):
    taking = {
        (method, path)
        for method, path, operation in Schemas(document).operations()
        if "requestBody" in operation
    }

    assert taking == set(BODIES)
    assert taking <= {(method, path) for method, path, *_ in ROWS}


@every_body
def test_a_body_that_is_not_json_is_refused(target: Target):
    wrong = []
    for what, body, code in NOT_JSON:
        answer = target.send(body)
        if (answer.status, answer.code) != (400, code):
            wrong.append((what, answer.status, answer.code))
        if code == "invalid-json" and "number" not in what and not isinstance(answer.json.get("offset"), int):
            wrong.append((what, "no offset", answer.body))

    assert not wrong


NOT_JSON = [
    ("bad UTF-8", b'{"name": "\xff"}', "invalid-json"),
    ("UTF-16", '{"name": "a"}'.encode("utf-16"), "invalid-json"),
    ("overlong", b'{"name": "\xc0\xaf"}', "invalid-json"),
    ("raw surrogate", b'{"name": "\xed\xa0\x80"}', "invalid-json"),
    ("BOM", b"\xef\xbb\xbf{}", "invalid-json"),
    ("cut", b'{"name": ', "invalid-json"),
    ("trailing comma", b'{"name": "a",}', "invalid-json"),
    ("trailing text", b"{} {}", "invalid-json"),
    ("single quotes", b"{'name': 'a'}", "invalid-json"),
    ("comment", b"{} // a", "invalid-json"),
    ("form", b"name=a", "invalid-json"),
    ("spaces", b"  \n ", "invalid-json"),
    ("control character", b'{"name": "a\nb"}', "invalid-json"),
    ("NUL", b"\x00", "invalid-json"),
    ("NaN", b'{"name": NaN}', "invalid-json"),
    ("Infinity", b'{"name": Infinity}', "invalid-json"),
    ("minus Infinity", b'{"name": -Infinity}', "invalid-json"),
    ("number 1e999", b'{"name": 1e999}', "invalid-json"),
    ("number -1e999", b'{"name": [-1e999]}', "invalid-json"),
    ("leading zero", b'{"name": 01}', "invalid-json"),
    ("number +1", b'{"name": +1}', "invalid-json"),
    ("hexadecimal", b'{"name": 0x1}', "invalid-json"),
    ("duplicate key", b'{"name": 1, "name": 2}', "duplicate-key"),
    ("duplicate by escape", b'{"name": 1, "n\\u0061me": 2}', "duplicate-key"),
    ("duplicate inside", b'{"x": [{"a": 1, "a": 1}]}', "duplicate-key"),
    ("33 deep", b'{"x":' + b"[" * 32 + b"]" * 32 + b"}", "json-too-deep"),
    ("100,000 deep", b"[" * 100_000 + b"]" * 100_000, "json-too-deep"),
    ("objects deep", b'{"a":' * 40 + b"1" + b"}" * 40, "json-too-deep"),
    ("high surrogate", b'{"name": "\\ud800"}', "invalid-unicode"),
    ("low surrogate", b'{"name": "a\\udc00b"}', "invalid-unicode"),
    ("surrogates swapped", b'{"name": "\\udc00\\ud800"}', "invalid-unicode"),
    ("surrogate in a key", b'{"\\ud800": 1}', "invalid-unicode"),
]


@every_body
def test_a_body_that_is_no_object_is_of_the_wrong_type(target: Target):
    for body in (b"[]", b'"a"', b"1", b"1.5", b"null", b"true", b"[{}]"):
        answer = target.send(body)
        answer.is_problem(422, "invalid-type")
        assert answer.errors() == {("", "invalid-type")}


@every_body
def test_an_empty_body_is_refused_where_one_is_needed(target: Target):
    empty, nothing = target.send(b""), target.client.call(target.method, target.path)

    if target.required:
        empty.is_problem(400, "body-required")
        nothing.is_problem(400, "body-required")
    else:
        assert "requestBody" in target.operation
        assert empty.status < 300 or empty.status == 409


@every_body
def test_a_body_that_does_not_say_that_it_is_json_in_utf_8_is_refused(target: Target):
    header = {"POST": "Accept-Post", "PATCH": "Accept-Patch", "PUT": "Accept"}[target.method]
    body = json.dumps(target.body).encode()
    for media_type in WRONG_TYPES:
        answer = target.send(body, Content_Type=media_type)
        answer.is_problem(415, "unsupported-media-type")
        assert "application/json" in (answer.header(header) or ""), header
    target.send(body, Content_Type="-").is_problem(415, "unsupported-media-type")
    for coding in ("gzip", "br", "gzip, identity", "x"):
        answer = target.send(body, Content_Encoding=coding)
        answer.is_problem(415, "unsupported-encoding")
        assert answer.header("Accept-Encoding") == "identity"
    if target.method != "PATCH":
        target.send(body, Content_Type=MERGE_PATCH).is_problem(415, "unsupported-media-type")


WRONG_TYPES = [
    "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "APPLICATION/JSON; charset=latin-1", "application/json; charset=utf-16", "application/problem+json",
    "application/*", "*/*", "json", "application/jsonp", "application/json, text/plain", "",
]  # fmt: skip


@every_body
@pytest.mark.parametrize(
    "media_type", ["application/JSON;charset=UTF-8", 'application/json; charset="utf-8"']
)
def test_utf_8_may_be_spelt_out(target: Target, media_type: str):
    assert target.send(b'{"nope": 1}', Content_Type=media_type).status == 422


@every_body
def test_each_field_is_held_to_what_the_document_says(target: Target, document: dict[str, Any]):
    schemas, wrong = Schemas(document), []

    for what, body, pointer, code in schemas.breakages(schemas.body(target.operation), target.body):
        answer = target.client.call(target.method, target.path, body)
        expected = {(pointer, code)}
        if answer.status != 422 or not expected <= answer.errors():
            wrong.append((what, answer.status, answer.json.get("code"), answer.json.get("errors")))

    assert not wrong


@every_body
def test_everything_that_is_wrong_is_told_at_once(target: Target, document: dict[str, Any]):
    schemas = Schemas(document)
    schema = schemas.body(target.operation)
    body = {name: {"a": [1]} if name != "options" else 1 for name in schema["properties"]}

    answer = target.client.call(target.method, target.path, {**body, "x/y~z": 1, "role ": "owner"})

    assert answer.status == 422
    pointers = {pointer.split("/")[1] for pointer, _ in answer.errors()}
    assert pointers == set(schema["properties"]) | {"x~1y~0z", "role "}
    assert answer.code == answer.json["errors"][0]["code"]


@every_body
def test_input_is_echoed_at_most_100_characters(target: Target):
    answer = target.client.call(target.method, target.path, {"x" * 5000: 1, **target.body})

    assert "x" * 101 not in answer.body.decode()
    assert answer.status == 422
