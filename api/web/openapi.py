"""OpenAPI 3.1 from the same declarations that guard and decode: what runs is what is written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from api import errors
from api.errors import DomainError
from api.settings import Settings
from api.web import body, problems, query, refusals, validation
from api.web.operation import Operation, operations

REFERENCE = "#/components/schemas/{name}"
CONDITIONAL = (
    "Send `If-Match` with the ETag that your GET gave, to change only what you have seen: else 412 with"
    " the current ETag."
)
IDEMPOTENT = (
    "Send `Idempotency-Key` (1–255 visible ASCII characters) to make repeating safe: the same key and body"
    " give the first answer again, marked `Idempotent-Replayed: true`, for seven days."
)


def describe(routes: Iterable[tuple[str, object]], settings: Settings, version: str) -> dict[str, Any]:
    """The document for `routes`."""
    declared = [(path, operations(resource)) for path, resource in routes]
    schemas = _schemas([operation for _, methods in declared for operation in methods.values()])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kiosque",
            "version": version,
            "summary": "The JSON backend of a site that publishes and sells.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": settings.url}],
        "paths": {
            path: {
                method.lower(): _operation(path, method, operation, schemas)
                for method, operation in methods.items()
            }
            for path, methods in declared
        },
        "components": {
            "schemas": schemas.components | {"Problem": PROBLEM},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


class _Schemas:
    """The schema of each type, and the components that they share."""

    def __init__(self, types: list[Any]) -> None:
        found, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
        self._of = {str(kind): schema for kind, schema in zip(types, found, strict=True)}
        self.components: dict[str, Any] = _portable(components)

    def of(self, kind: Any) -> dict[str, Any]:
        schema: dict[str, Any] = _portable(self._of[str(kind)])
        return schema


def _schemas(declared: list[Operation]) -> _Schemas:
    types: dict[str, Any] = {}
    for operation in declared:
        for kind in (operation.body, operation.query, operation.returns):
            if kind is not None:
                types[str(kind)] = kind
    return _Schemas(list(types.values()))


def _operation(path: str, method: str, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    notes = [f"For: {operation.access.who}."]
    notes += [CONDITIONAL] if operation.conditional else []
    notes += [IDEMPOTENT] if operation.idempotent else []
    described: dict[str, Any] = {
        "operationId": _operation_id(path, method),
        "summary": operation.summary,
        "description": " ".join(notes),
        "tags": [_tag(path)],
        "parameters": [*_path_parameters(path), *_query_parameters(operation, schemas)],
        "responses": _responses(path, method, operation, schemas),
        "security": [{"bearer": []}] if operation.access.signed_in else [{}, {"bearer": []}],
    }
    if operation.body is not None:
        schema = schemas.of(operation.body)
        described["requestBody"] = {
            "required": operation.body_required or method == "PATCH",
            "content": {media_type: {"schema": schema} for media_type in body.media_types(method)},
        }
    return described


def _operation_id(path: str, method: str) -> str:
    words = [word for word in re.split(r"[^A-Za-z0-9]+", path.removeprefix("/v1")) if word]
    return "_".join([method.lower(), *(words or ["root"])]).replace("-", "_")


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    return parts[1] if parts[:1] == ["v1"] and len(parts) > 1 else "server"


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)[^}]*}", path)
    ]


def _query_parameters(operation: Operation, schemas: _Schemas) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    reference = schemas.of(operation.query)["$ref"].rpartition("/")[2]
    schema = schemas.components[reference]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": _without_null(field),
        }
        for name, field in schema["properties"].items()
    ]


def _responses(path: str, method: str, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    if operation.status < 400:
        responses[str(operation.status)] = _success(operation, schemas)
    by_status: dict[int, list[type[DomainError]]] = defaultdict(list)
    for error in _possible_errors(path, method, operation):
        by_status[problems.status_of(error)].append(error)
    for status, kinds in sorted(by_status.items()):
        codes = sorted({kind.code for kind in kinds})
        responses[str(status)] = {
            "description": "; ".join(f"`{code}`" for code in codes),
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(name="Problem")}}},
        }
    return responses


def _success(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.summary}
    if operation.returns is not None:
        success["content"] = {
            media_type: {
                "schema": schemas.of(operation.returns) if "json" in media_type else {"type": "string"}
            }
            for media_type in operation.media_types
        }
    if operation.status == 201:
        place = {"description": "Where it is, if it has an address of its own.", "schema": {"type": "string"}}
        success["headers"] = {"Location": place}
    return success


def _possible_errors(path: str, method: str, operation: Operation) -> set[type[DomainError]]:
    found: set[type[DomainError]] = {refusals.Internal, *operation.errors, *query.KINDS.values()}
    found.add(refusals.SecretInUrl)
    if operation.query is None or "after" not in operation.query.__struct_fields__:
        found.discard(refusals.InvalidCursor)
    if not operation.access.ignores_credentials:
        found |= {errors.NotSignedIn, refusals.InvalidCredentialsFormat}
    if operation.access.permission or operation.access.by_session:
        found |= {errors.NotAllowed, refusals.InsufficientScope}
    if "{" in path:
        found.add(errors.NotFound)
    if operation.media_types == ("application/json",):
        found.add(refusals.NotAcceptable)
    if operation.body is not None:
        found |= {refusals.UnsupportedMediaType, refusals.UnsupportedEncoding, refusals.BodyTooLarge}
        found |= {refusals.InvalidJson, refusals.DuplicateKey, refusals.JsonTooDeep, refusals.InvalidUnicode}
        found |= {refusals.BodyRequired, *validation.KINDS.values()}
    if operation.conditional:
        found.add(refusals.PreconditionFailed)
    if operation.idempotent:
        found |= {refusals.IdempotencyKeyInvalid, refusals.IdempotencyKeyReused}
    if path.startswith("/v1/"):
        found |= {
            kind
            for kind in errors.concrete_errors(errors.Unavailable)
            if method != "GET" or kind.code == "busy"
        }
    return found


def _portable(schema: Any) -> Any:
    """The schema with patterns as every dialect of regular expressions reads them."""
    if isinstance(schema, dict):
        return {
            key: value.replace(r"\Z", "$") if key == "pattern" else _portable(value)
            for key, value in schema.items()
        }
    return [_portable(entry) for entry in schema] if isinstance(schema, list) else schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it is never null."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    kept = {
        key: value
        for key, value in schema.items()
        if key != "anyOf" and not (key == "default" and value is None)
    }
    if len(choices) == 1:
        return {**kept, **choices[0]}
    return {**kept, "anyOf": choices} if choices else kept


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details; /problems lists every code.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    name: {"type": "string"} for name in ("code", "detail", "pointer", "parameter", "header")
                },
            },
        },
    },
}
