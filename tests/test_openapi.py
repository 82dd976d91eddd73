"""The OpenAPI document says all of it, and what it shows is so."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from falcon.testing import TestClient

from api.routes import routes
from api.web.metrics import Metrics
from api.web.openapi.links import parameters
from api.web.operation import operations

pytestmark = pytest.mark.mostly_on("sqlite")

SENT_IN_TURN = (
    "POST /v1/accounts",
    "POST /v1/sessions",
    "PATCH /v1/accounts/{account}",
    "PATCH /v1/me",
    "POST /v1/api-keys",
    "POST /v1/articles",
    "PATCH /v1/articles/{article}",
    "PUT /v1/articles/{article}/publication",
    "POST /v1/articles/{article}/comments",
    "PATCH /v1/comments/{comment}",
    "POST /v1/items",
    "PATCH /v1/items/{item}",
    "PATCH /v1/variants/{sku}",
    "POST /v1/variants/{sku}/stock-movements",
    "POST /v1/orders",
    "PUT /v1/orders/{order}/cancellation",
    "POST /v1/orders",
    "POST /v1/orders/{order}/payments",
    "POST /v1/orders/{order}/fulfilments",
    "PUT /v1/me/password",
)


@pytest.fixture
def document(client) -> dict[str, Any]:
    return dict(client.simulate_get("/openapi.json").json)


@pytest.fixture
def declared(db, settings) -> dict[tuple[str, str], Any]:
    table = routes(db, settings, Metrics())
    return {
        (path, method): operation
        for path, resource in table
        for method, operation in operations(resource).items()
        if operation.status < 400
    }


def described(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method.upper()): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_operation_ids_are_unique(document):
    ids = [operation["operationId"] for operation in described(document).values()]

    assert len(ids) == len(set(ids))


def test_every_schema_has_a_name_that_a_generated_client_can_use(document):
    assert [name for name in document["components"]["schemas"] if not name.isidentifier()] == []


def test_clients_are_offered_the_headers_that_an_operation_reads_and_never_authorization(document, declared):
    for key, operation in described(document).items():
        headers = {
            each["name"]: each["required"] for each in operation["parameters"] if each["in"] == "header"
        }
        expected = {
            **({"If-Match": False} if declared[key].conditional else {}),
            **({"Idempotency-Key": False} if declared[key].idempotent else {}),
        }
        assert headers == expected, key


def test_a_token_is_asked_for_only_where_one_is_needed(document, declared):
    for key, operation in described(document).items():
        access = declared[key].access
        assert ({"bearer": []} in operation.get("security", [])) == access.signed_in, key


def test_no_field_has_null_as_its_default(document):
    assert '"default": null' not in json.dumps(document)


def test_no_field_of_a_body_has_a_default_for_which_generators_would_ask_for_it(document):
    bodies = [operation.get("requestBody") for operation in described(document).values()]

    assert [schema for schema in below(document, bodies) if "default" in schema] == []
    article = document["components"]["schemas"]["ArticleBody"]["properties"]
    assert article["format"]["description"] == 'Default: `"markdown"`.'


def test_an_answer_may_have_a_value_that_its_enumeration_does_not_list_yet(document):
    operations = described(document).values()
    answers = [operation["responses"][status] for operation in operations for status in success(operation)]
    enumeration = {"type": "string", "enum": ["cancelled", "completed", "expired", "open"]}

    order_status = document["components"]["schemas"]["OrderView"]["properties"]["order_status"]
    assert order_status["anyOf"] == [enumeration, {"type": "string"}]
    for schema in below(document, answers):
        assert [kind for kind in schema.values() if is_enumeration(kind)] == [], schema
        if any(map(is_enumeration, schema.get("anyOf", ()))):
            assert {"type": "string"} in schema["anyOf"], schema


def test_a_parameter_says_what_it_takes(document):
    described_by_name = {"limit", "after", "q", "tag", "category", "author", "of", "into", "updated_since"}
    for key, operation in described(document).items():
        for parameter in operation["parameters"]:
            if parameter["in"] == "path" or parameter["name"] in described_by_name:
                assert {"description"} & {*parameter, *parameter["schema"]}, (key, parameter["name"])
    articles = {each["name"]: each for each in document["paths"]["/v1/articles"]["get"]["parameters"]}
    assert articles["tag"]["description"] == "The slug of a tag."


def test_every_component_is_used(document):
    used = {schema["$ref"] for schema in below(document, document["paths"]) if "$ref" in schema}

    assert {f"#/components/schemas/{name}" for name in document["components"]["schemas"]} <= used


def test_each_refusal_lists_its_codes_with_an_example_that_fits(document):
    components = document["components"]
    validators: dict[str, Any] = {}  # many refusals have the same schema
    for key, operation in described(document).items():
        for status, response in operation["responses"].items():
            media = response.get("content", {}).get("application/problem+json")
            if media is None:
                continue
            known = json.dumps(media["schema"])
            if known not in validators:
                schema = {**media["schema"], "components": components}
                validators[known] = jsonschema_rs.Draft202012Validator(schema)
            codes = media["schema"]["allOf"][1]["properties"]["code"]["enum"]
            assert codes == list(media["examples"]), key
            for code in codes:
                example = components["examples"][code]["value"]
                assert (example["code"], example["status"]) == (code, int(status)), key
                validators[known].validate(example)


def test_every_body_has_an_example_that_is_taken(document, declared):
    for key, operation in described(document).items():
        for media in operation.get("requestBody", {"content": {}})["content"].values():
            if not declared[key].upload:
                msgspec.convert(media["example"], declared[key].body)


def test_every_json_answer_has_an_example_that_fits_its_schema(document, declared):
    shown = 0
    for key, operation in described(document).items():
        success = operation["responses"][str(declared[key].status)]
        for media_type, media in success.get("content", {}).items():
            if "json" in media_type:
                schema = {**media["schema"], "components": document["components"]}
                jsonschema_rs.Draft202012Validator(schema).validate(media["example"])
                shown += 1
    assert shown > 40


def test_the_examples_of_bodies_work_when_they_are_sent_in_turn(client, client_as, document):
    owner = ada = client_as("owner")
    ids: dict[str, str] = {}

    for sent in SENT_IN_TURN:
        method, path = sent.split()
        operation = described(document)[path, method]
        sender = ada if path in ("/v1/orders", "/v1/me", "/v1/me/password") else owner
        body = operation["requestBody"]["content"]["application/json"]["example"]
        answer = sender.simulate_request(method, path.format(**ids), json=body)

        assert answer.status_code < 300, (sent, answer.text)
        for link in operation["responses"][str(answer.status_code)].get("links", {}).values():
            ((name, expression),) = link["parameters"].items()
            with suppress(KeyError):  # of a part that this answer lacks
                ids[name] = at(answer.json, expression.removeprefix("$response.body#"))
        if path == "/v1/sessions":
            ada = TestClient(client.app, headers={"Authorization": f"Bearer {answer.json['token']}"})


def test_the_amounts_of_an_example_add_up(document):
    order = document["paths"]["/v1/orders"]["post"]
    basket = order["requestBody"]["content"]["application/json"]["example"]
    placed = order["responses"]["201"]["content"]["application/json"]["example"]
    (line,) = placed["lines"]

    assert basket["lines"] == [{"sku": line["sku"], "quantity": line["quantity"]}]
    assert line["quantity"] * line["unit_price"]["amount"] == line["total"]["amount"]
    assert line["total"] == placed["subtotal"] == placed["total"] == basket["expected_total"]


def test_every_link_leads_to_an_operation_that_takes_its_parameter(document):
    places = {operation["operationId"]: path for (path, _), operation in described(document).items()}
    links = [
        (operation["responses"][status]["content"]["application/json"]["example"], link)
        for operation in described(document).values()
        for status, response in operation["responses"].items()
        for link in response.get("links", {}).values()
    ]

    assert len(links) > 20
    for example, link in links:
        ((name, expression),) = link["parameters"].items()
        assert parameters(places[link["operationId"]]) == [name]
        assert at(example, expression.removeprefix("$response.body#")) is not None


def test_an_order_leads_to_its_cancellation_its_payments_and_its_fulfilments(document):
    links = document["paths"]["/v1/orders"]["post"]["responses"]["201"]["links"]

    assert links.keys() >= {
        "get_orders_order",
        "put_orders_order_cancellation",
        "post_orders_order_payments",
        "post_orders_order_fulfilments",
    }
    assert links["get_orders_order"]["parameters"] == {"order": "$response.body#/id"}


def test_every_answer_names_the_headers_that_it_carries(document):
    for operation in described(document).values():
        for status, response in operation["responses"].items():
            assert "X-Request-ID" in response["headers"]
            wanted = {"401": "WWW-Authenticate", "412": "ETag", "429": "Retry-After", "503": "Retry-After"}
            assert wanted.get(status, "X-Request-ID") in response["headers"]


def test_every_reference_leads_somewhere(document):
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert at(document, node["$ref"].removeprefix("#")) is not None
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(document)


def test_what_never_succeeds_is_not_offered(document):
    assert "/teapot" not in document["paths"]


def success(operation: dict[str, Any]) -> list[str]:
    return [status for status in operation["responses"] if status.startswith("2")]


def is_enumeration(schema: Any) -> bool:
    return isinstance(schema, dict) and isinstance(schema.get("enum"), list)


def below(document: dict[str, Any], root: Any) -> list[dict[str, Any]]:
    """Every object in `root`, and in what it refers to."""
    found: list[dict[str, Any]] = []
    waiting, followed = [root], set()
    while waiting:
        node = waiting.pop()
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if isinstance(node, dict):
            found.append(node)
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in followed:
                followed.add(reference)
                waiting.append(at(document, reference.removeprefix("#")))
    return found


def at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
