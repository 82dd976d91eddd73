"""The OpenAPI 3.1 document of the routes, built from each responder's @operation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from api.settings import Settings
from api.web import body
from api.web.openapi import problems
from api.web.openapi.examples import Examples
from api.web.openapi.links import Links, parameters
from api.web.openapi.responses import headers, responses
from api.web.openapi.schemas import Schemas, without_null
from api.web.operation import Operation, operations

INTRODUCTION = (
    "Every path that supports GET also supports HEAD, and every path supports OPTIONS. Any request may have"
    " `X-Request-ID`, and any GET `If-None-Match`. Every error is a problem document (RFC 9457) with a stable"
    " `code`, explained at `/problems/{code}`. Access to an operation is often a permission; GET /v1/roles"
    " lists the permissions of each role. An order's guest is whoever placed it without an account, and sends"
    " the `access_token` of that answer as Bearer."
)
# No examples of these: whoever sends one unchanged gets 412, or with another body 422.
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of your GET, to change only the version that you have seen; if it has changed"
    " since, the answer is 412 with the current ETag.",
    "required": False,
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes retries safe: for seven days, the same key and body get the first answer again,"
    " with `Idempotent-Replayed: true`.",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


_PARAMETERS = {
    "limit": "The most entries of a page.",
    "after": "The position after which the page begins; `next` of the page before holds it.",
    "q": "All of these words, in any order, without regard to case and accents.",
    "tag": "The slug of a tag.",
    "category": "The slug of a category.",
    "author": "The slug of an author.",
    "of": "Tags and categories of articles and of items are apart.",
    "into": "The slug of another, which what used this one uses from then on.",
    "updated_since": "Only what has changed at this time or later.",
}
"""Descriptions of parameters whose own type has none."""
_FIRST = ("articles", "comments", "items", "variants", "orders", "accounts", "sessions", "me")
_LAST = "server"
_IN_PATHS = {
    "article": "The id of an article, or its slug.",
    "item": "The id of an item, or its slug.",
    "tag": _PARAMETERS["tag"],
    "category": _PARAMETERS["category"],
    "sku": "The sku of a variant.",
    "code": "The code of a problem.",
    "name": "The name of a file.",
}
"""Descriptions of what is not simply an id."""


def describe(routes: Iterable[tuple[str, object]], settings: Settings, version: str) -> dict[str, Any]:
    """The document for `routes`; ExampleMissing for a field without an example."""
    declared = {path: methods for path, resource in routes if (methods := _callable(resource))}
    schemas = Schemas(operation for methods in declared.values() for operation in methods.values())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kiosque",
            "version": version,
            "summary": "The JSON backend of a site that publishes and sells.",
            "description": INTRODUCTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": settings.url}],
        "tags": [{"name": tag} for tag in _tags(declared)],
        "paths": _paths(declared, schemas, Examples(schemas)),
        "components": {
            "schemas": schemas.components | {"Problem": problems.PROBLEM},
            "headers": headers(),
            "examples": problems.examples(settings.url),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _callable(resource: object) -> dict[str, Operation]:
    """The operations that can succeed; one that always fails is of no use to a client."""
    return {method: declared for method, declared in operations(resource).items() if declared.status < 400}


def _paths(
    declared: Mapping[str, Mapping[str, Operation]], schemas: Schemas, examples: Examples
) -> dict[str, Any]:
    ids = {(path, method): _operation_id(path, method) for path in declared for method in declared[path]}
    links = Links(declared, ids)
    paths: dict[str, Any] = {}
    for path, methods in declared.items():
        paths[path] = {}
        for method, operation in methods.items():
            described = _operation(path, method, operation, schemas, examples)
            following = links.of(path, operation)
            if following:
                described["responses"][str(operation.status)]["links"] = following
            paths[path][method.lower()] = {"operationId": ids[path, method], **described}
    return paths


def _operation(
    path: str, method: str, operation: Operation, schemas: Schemas, examples: Examples
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "description": f"Access: {operation.access.who}.",
        "tags": [_tag(path)],
        "parameters": [
            *_path_parameters(path),
            *_query_parameters(operation, schemas),
            *([IF_MATCH] if operation.conditional else ()),
            *([IDEMPOTENCY_KEY] if operation.idempotent else ()),
        ],
        "responses": responses(path, method, operation, schemas, examples),
    }
    if operation.access.signed_in:
        described["security"] = [
            {"bearer": []},
            *([{}] if operation.access.local or operation.access.strangers else ()),
        ]
    if operation.body is not None:
        schema = schemas.of(operation.body)
        if operation.or_bodies:
            schema = {"anyOf": [schema, *map(schemas.of, operation.or_bodies)]}
        described["requestBody"] = {
            "description": f"At most {operation.body_bytes:,} bytes.",
            "required": operation.body_required or method == "PATCH",
            "content": {
                media_type: {"schema": schema, **examples.beside(schema)}
                for media_type in body.media_types(method, operation)
            },
        }
    if operation.upload:
        described["requestBody"] = {
            "description": "The bytes of the file.",
            "required": True,
            "content": {media_type: {} for media_type in operation.upload},
        }
    return described


def _operation_id(path: str, method: str) -> str:
    words = [word for word in re.split(r"[^A-Za-z0-9]+", path.removeprefix("/v1")) if word]
    return "_".join([method.lower(), *(words or ["root"])]).replace("-", "_")


def _tags(paths: Iterable[str]) -> list[str]:
    """The tags in the order in which pages of documentation show them."""
    tags = {*map(_tag, paths)}
    return [*(tag for tag in _FIRST if tag in tags), *sorted(tags - {*_FIRST, _LAST}), _LAST]


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    return parts[1] if parts[:1] == ["v1"] and len(parts) > 1 else _LAST


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "description": _IN_PATHS.get(name, f"The id of the {name}."),
            "required": True,
            "schema": {"type": "string"},
        }
        for name in parameters(path)
    ]


def _query_parameters(operation: Operation, schemas: Schemas) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    _, schema = schemas.named(schemas.of(operation.query)["$ref"])
    return [
        {
            "name": name,
            "in": "query",
            **({"description": description} if description else {}),
            "required": name in schema.get("required", ()),
            "schema": without_null(field),
        }
        for name, field in schema["properties"].items()
        for description in [None if "description" in field else _PARAMETERS.get(name)]
    ]
