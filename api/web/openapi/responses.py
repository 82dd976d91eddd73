"""The responses of each operation: statuses, headers and problem codes, so that clients can expect each."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from api import errors
from api.errors import DomainError
from api.web import http_errors as refusals
from api.web import json, problems, query, validation
from api.web.openapi.examples import Examples
from api.web.openapi.problems import content_of
from api.web.openapi.schemas import Schemas
from api.web.operation import Operation

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {"description": "The id of this request, also in the server's log.", "required": True},
    "ETag": {
        "description": "A strong validator (RFC 9110 §8.8.3), to send in If-None-Match or If-Match.",
        "example": '"2b0f7ac7f6b8a0e3c1a9f3d4e5f60718"',
    },
    "Location": {"description": "The path of the resource, if it has one of its own."},
    "Link": {"description": 'The next page, if any: `<…>; rel="next"` (RFC 8288).'},
    "Idempotent-Replayed": {
        "description": "`true` if this is the first answer to this Idempotency-Key, repeated."
    },
    "WWW-Authenticate": {
        "description": "The required authentication scheme (RFC 6750 §3).",
        "required": True,
    },
    "Retry-After": {
        "description": "Seconds to wait before retrying (RFC 9110 §10.2.3).",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "Accept-Post": {"description": "The media types accepted for a body."},
    "Accept-Patch": {"description": "The media types accepted for a patch (RFC 5789 §3.1)."},
}
"""Header → its description among the document's components; a string unless the schema says otherwise."""

_WITH_STATUS = {401: ["WWW-Authenticate"], 412: ["ETag"], 429: ["Retry-After"], 503: ["Retry-After"]}


def headers() -> dict[str, Any]:
    """The header components that responses refer to."""
    return {name: {"schema": {"type": "string"}, **header} for name, header in HEADERS.items()}


def responses(
    path: str, method: str, operation: Operation, schemas: Schemas, examples: Examples
) -> dict[str, Any]:
    """Status → response, without links."""
    answers = {str(operation.status): _success(method, operation, schemas, examples)}
    if method == "GET" and operation.status == 200:
        answers["304"] = _described("Not modified: the ETag matches If-None-Match.", "ETag")
    if operation.waits:
        described = "A part of it waits for a confirmation by mail."
        answers["202"] = {**answers[str(operation.status)], "description": described}
    if operation.repeats:
        described = "The same was created before, and this is it."
        answers["200"] = {**answers[str(operation.status)], "description": described}
    if operation.moves:
        answers["308"] = _described("Renamed; Location has the new path.", "Location")
    by_status: dict[int, list[type[DomainError]]] = defaultdict(list)
    for error in _possible_errors(path, method, operation):
        by_status[problems.status_of(error)].append(error)
    for status, kinds in sorted(by_status.items()):
        codes = sorted({kind.code for kind in kinds})
        accepted = [f"Accept-{method.capitalize()}"] if status == 415 and method in ("POST", "PATCH") else []
        answers[str(status)] = {
            **_described("; ".join(f"`{code}`" for code in codes), *_WITH_STATUS.get(status, ()), *accepted),
            "content": {problems.MEDIA_TYPE: content_of(kinds)},
        }
    return answers


def _success(method: str, operation: Operation, schemas: Schemas, examples: Examples) -> dict[str, Any]:
    names = ["ETag"] if operation.returns is not None or method == "GET" else []
    names += ["Location"] if operation.status == 201 or operation.upload else []
    names += ["Idempotent-Replayed"] if operation.idempotent else []
    names += ["Link"] if operation.query is not None and "after" in operation.query.__struct_fields__ else []
    success = _described(operation.summary, *names)
    content = {}
    for media_type in operation.media_types:
        if "json" not in media_type:
            content[media_type] = {"schema": {"type": "string"}}
        elif operation.returns is not None:
            schema = schemas.of(operation.returns)
            content[media_type] = {"schema": schema, **examples.beside(schema)}
    return {**success, "content": content} if operation.status != 204 else success


def _described(description: str, *names: str) -> dict[str, Any]:
    referred = {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-ID", *names)}
    return {"description": description, "headers": referred}


def _possible_errors(path: str, method: str, operation: Operation) -> set[type[DomainError]]:
    possible: set[type[DomainError]] = {refusals.Internal, *operation.errors, *query.KINDS.values()}
    possible.add(refusals.SecretInUrl)
    if operation.query is None or "after" not in operation.query.__struct_fields__:
        possible.discard(refusals.InvalidCursor)
    if not operation.access.ignores_credentials:
        possible |= {errors.NotSignedIn, errors.InvalidToken, refusals.InvalidCredentialsFormat}
    if operation.access.permissions:
        possible |= {errors.NotAllowed, refusals.InsufficientScope}
    if operation.access.by_session:
        possible.add(refusals.SessionRequired)
    if operation.access.signed_in and not operation.access.without_factor:
        possible.add(refusals.SecondFactorMissing)
    if operation.access.fresh:
        possible.add(refusals.ConfirmationRequired)
    if "{" in path:
        possible |= {errors.NotFound, refusals.NoSuchPath}
    if operation.media_types == ("application/json",):
        possible.add(refusals.NotAcceptable)
    if operation.body is not None or operation.upload:
        possible |= {refusals.UnsupportedMediaType, refusals.UnsupportedEncoding, refusals.BodyTooLarge}
        possible.add(refusals.BodyRequired)
    if operation.body is not None:
        possible |= {
            json.InvalidJson,
            json.DuplicateKey,
            json.JsonTooDeep,
            json.InvalidUnicode,
            *validation.KINDS.values(),
        }
    if operation.conditional:
        possible.add(refusals.PreconditionFailed)
    if operation.idempotent:
        possible |= {
            refusals.IdempotencyKeyInvalid,
            refusals.IdempotencyKeyReused,
            refusals.CreatedThenDeleted,
        }
    if path.startswith("/v1/"):
        possible |= {
            kind
            for kind in errors.concrete_errors(errors.Unavailable)
            if method != "GET" or kind.code == "busy"
        }
    return possible
