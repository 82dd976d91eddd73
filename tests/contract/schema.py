"""Walks the JSON Schemas of the document and says how to break what they allow."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Breakage = tuple[str, Any, str, str]
"""What is done, the broken body, the pointer and the code that must come back."""


class Schemas:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def body(self, operation: dict[str, Any]) -> dict[str, Any]:
        (schema, *_) = (media["schema"] for media in operation["requestBody"]["content"].values())
        forms = schema.get("anyOf", [schema])  # the first is that of BODIES
        return self.resolved(forms[0])

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Without references and without the choice of null."""
        while "$ref" in schema or "anyOf" in schema:
            if "$ref" in schema:
                schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            else:
                (schema,) = (choice for choice in schema["anyOf"] if choice != {"type": "null"})
        return schema

    def breakages(self, schema: dict[str, Any], body: dict[str, Any]) -> Iterator[Breakage]:
        """Every way to break one field of `body`, which fits `schema`."""
        yield "unknown field", {**body, "nope": 1}, "/nope", "unknown-field"
        for name in ("id", "created_at", "__proto__", "a/b~c", ""):
            if name not in schema["properties"]:
                pointer = "/" + name.replace("~", "~0").replace("/", "~1")
                yield f"unknown {name}", {**body, name: 1}, pointer, "unknown-field"
        for name in schema.get("required", ()):
            yield (
                f"without {name}",
                {key: value for key, value in body.items() if key != name},
                f"/{name}",
                "required",
            )
        for name, inner in schema["properties"].items():
            inner = self.resolved(inner)
            for what, value, code in self.wrong(inner):
                yield f"{name} {what}", {**body, name: value}, f"/{name}", code
            yield from self.nested(name, inner, body)

    def nested(self, name: str, schema: dict[str, Any], body: dict[str, Any]) -> Iterator[Breakage]:
        """Inside an object, or inside the first entry of a list, that the body has or could have."""
        inside: Any = body.get(name)
        if schema.get("type") == "object" and "properties" in schema:
            for what, value, pointer, code in self.breakages(schema, inside or self.example(schema)):
                yield f"{name}.{what}", {**body, name: value}, f"/{name}{pointer}", code
        elif schema.get("type") == "array":
            entry = self.resolved(schema["items"])
            if entry.get("type") == "object":
                first = inside[0] if inside else self.example(entry)
                for what, value, pointer, code in self.breakages(entry, first):
                    yield f"{name}[1].{what}", {**body, name: [first, value]}, f"/{name}/1{pointer}", code
            else:
                for what, value, code in self.wrong(entry):
                    yield f"{name}[0] {what}", {**body, name: [value]}, f"/{name}/0", code

    def wrong(self, schema: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Values that `schema` excludes, and the code for each."""
        if "enum" in schema:
            yield "of no kind", "nope", "invalid-format"
            yield "not a text", 1, "invalid-type"
        elif schema.get("type") == "string":
            yield from self._wrong_text(schema)
        elif schema.get("type") == "integer":
            for what, value in (("text", "1"), ("fraction", 1.5), ("true", True), ("list", [1])):
                yield what, value, "invalid-type"
            yield "too small", schema["minimum"] - 1, "out-of-range"
            yield "too large", schema["maximum"] + 1, "out-of-range"
            yield "far too large", 10**400, "out-of-range"
        elif schema.get("type") == "boolean":
            yield "number", 1, "invalid-type"
            yield "text", "true", "invalid-type"
        elif schema.get("type") == "array":
            yield "object", {}, "invalid-type"
            yield "text", "a", "invalid-type"
            if "maxItems" in schema:
                entry = self.example(self.resolved(schema["items"]))
                yield "too many", [entry] * (schema["maxItems"] + 1), "too-many-lines"
            if schema.get("minItems"):
                yield "too few", [], "too-few"
        else:
            yield "list", [], "invalid-type"
            yield "number", 1, "invalid-type"

    def _wrong_text(self, schema: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
        for what, value in (("number", 1), ("list", []), ("object", {"a": 1}), ("true", True)):
            yield what, value, "invalid-type"
        if schema.get("format") == "date-time":
            for value in ("2026-11-22T09:30:00", "2026-11-22", "yesterday", "2026-13-01T00:00:00Z", ""):
                yield f"{value!r}", value, "invalid-format"
            return
        for character in "\x00\x01\x0b\x1b\x7f\x85":
            yield f"with {character!r}", f"abcdefghijklm{character}n", "invalid-characters"
        if "maxLength" in schema:
            yield "too long", "a" * (schema["maxLength"] + 1), "too-long"
        if schema.get("minLength"):
            yield "too short", "a" * (schema["minLength"] - 1), "too-short"

    def example(self, schema: dict[str, Any]) -> Any:
        """The least that `schema` takes."""
        schema = self.resolved(schema)
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type"):
            case "string":
                return {"^[A-Z]{3}$": "EUR"}.get(schema.get("pattern", ""), "abcdef")
            case "integer":
                return schema["minimum"]
            case "array":
                return []
            case "object":
                required = schema.get("required", ())
                return {name: self.example(schema["properties"][name]) for name in required}
        return copy.copy(True)
