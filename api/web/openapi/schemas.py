"""The JSON Schemas of bodies, queries and views, adjusted to what every OpenAPI client understands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from api.web.operation import Operation

REFERENCE = "#/components/schemas/{name}"


class Schemas:
    """The schema of each type in the `declared` operations, and the components that they share."""

    def __init__(self, declared: Iterable[Operation]) -> None:
        types: dict[str, Any] = {}
        for operation in declared:
            for kind in (operation.body, operation.query, operation.returns):
                if kind is not None:
                    types[str(kind)] = kind
        schemas, components = msgspec.json.schema_components(types.values(), ref_template=REFERENCE)
        self._of = dict(zip(types, schemas, strict=True))
        self.components: dict[str, Any] = _portable(components)

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type; a reference if the type has a name."""
        schema: dict[str, Any] = _portable(self._of[str(kind)])
        return schema

    def named(self, reference: str) -> tuple[str, dict[str, Any]]:
        """Name and schema of the component that `reference` points to."""
        name = reference.rpartition("/")[2]
        return name, self.components[name]


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a query parameter, which can be absent but never null."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    others = {
        key: value
        for key, value in schema.items()
        if key != "anyOf" and not (key == "default" and value is None)
    }
    if len(choices) == 1:
        return {**others, **choices[0]}
    return {**others, "anyOf": choices} if choices else others


def _portable(schema: Any) -> Any:
    """The schema with patterns that every dialect of regular expressions understands, and no default null,
    for which generators make a field that is always there."""
    if isinstance(schema, dict):
        return {
            key: value.replace(r"\Z", "$") if key == "pattern" else _portable(value)
            for key, value in schema.items()
            if not (key == "default" and value is None)
        }
    return [_portable(entry) for entry in schema] if isinstance(schema, list) else schema
