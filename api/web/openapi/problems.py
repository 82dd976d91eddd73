"""The problems that each answer may be: their codes, the members of their own, and an example of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from api.errors import MOST_ERRORS, DomainError, concrete_errors
from api.web.openapi.schemas import REFERENCE
from api.web.problems import body_of
from api.web.samples import sample

REQUEST_ID = "req_01kb2v9r5e8x4m7t3w6y0z1a2c"
TEXT = {"type": "string"}
NAMES = {"type": "array", "items": TEXT}
UNITS = {"type": "object", "additionalProperties": {"type": "integer"}}
MONEY = {"$ref": REFERENCE.format(name="Money")}
PLACES = ("pointer", "parameter", "header")
MEMBERS: dict[str, Any] = {
    "errors": {
        "type": "array",
        "maxItems": MOST_ERRORS,
        "items": {
            "type": "object",
            "required": ["code", "detail"],
            "properties": dict.fromkeys(("code", "detail", *PLACES), TEXT),
        },
    },
    "errors_left_out": {"type": "integer", "minimum": 1},
    "available": {"type": ["object", "integer"], "additionalProperties": {"type": "integer"}},
    "remaining": UNITS,
    "total": MONEY,
    "due": MONEY,
    "quote": {"type": "object"},
    "reason": TEXT,
    "max": {"type": "integer", "minimum": 1},
    "refundable": MONEY,
    "payments": {"type": "array", "items": {"type": "object"}},
    "currency": TEXT,
    "state": TEXT,
    "allowed": NAMES,
    "uses": {"type": "array", "items": {"type": "object"}},
    "scope": TEXT,
    "permission": TEXT,
    "roles": NAMES,
    "offset": {"type": "integer", "minimum": 0},
    "key": TEXT,
    "challenge": TEXT,
}
"""Members that some problems have and others lack."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details; /problems lists every code.",
    "required": ["type", "title", "status", "detail", "code", "remedy", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "remedy": TEXT,
        "request_id": TEXT,
        **MEMBERS,
    },
}


def content_of(kinds: Iterable[type[DomainError]]) -> dict[str, Any]:
    """The media type object of an answer that is one of these problems."""
    codes = sorted({kind.code for kind in kinds})
    narrowed = {"type": "object", "properties": {"code": {"type": "string", "enum": codes}}}
    return {
        "schema": {
            "allOf": [
                {"$ref": REFERENCE.format(name="Problem")},
                narrowed,
            ]
        },
        "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
    }


def examples(site: str) -> dict[str, Any]:
    """One problem of each code, as components of the document."""
    samples = [sample(kind) for kind in concrete_errors()]
    return {error.code: {"value": json.loads(body_of(error, REQUEST_ID, site))} for error in samples}
