"""The problems that each answer may be: their codes, the members of their own, and an example of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.errors import MOST_ERRORS, DomainError, concrete_errors
from api.web.openapi.schemas import REFERENCE
from api.web.problems import status_of, type_of

TEXT = {"type": "string"}
NAMES = {"type": "array", "items": TEXT}
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
    "total": {"$ref": REFERENCE.format(name="Money")},
    "state": TEXT,
    "allowed": NAMES,
    "uses": {"type": "array", "items": {"type": "object"}},
    "scope": TEXT,
    "permission": TEXT,
    "roles": NAMES,
    "offset": {"type": "integer", "minimum": 0},
    "key": TEXT,
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
    return {
        kind.code: {
            "value": {
                "type": type_of(kind, site),
                "title": kind.title,
                "status": status_of(kind),
                "detail": kind.meaning(),
                "code": kind.code,
                "remedy": kind.remedy,
                "request_id": "req_01kb2v9r5e8x4m7t3w6y0z1a2c",
            }
        }
        for kind in concrete_errors()
    }
