"""The JSON Schemas of bodies, queries and views, adjusted to what every OpenAPI client understands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from api.web.operation import Operation

REFERENCE = "#/components/schemas/{name}"


class Schemas:
    """The schema of each type in the `declared` operations, and the components that they share."""

    def __init__(self, declared: Iterable[Operation]) -> None:
        types: dict[str, Any] = {}
        bodies, views = set(), set()
        for operation in declared:
            for kind in (operation.body, *operation.or_bodies, operation.query, operation.returns):
                if kind is not None:
                    types[str(kind)] = kind
            bodies |= {str(operation.body), *map(str, operation.or_bodies)}
            views.add(str(operation.returns))
        schemas, components = msgspec.json.schema_components(types.values(), ref_template=REFERENCE)
        self._named: dict[str, Any] = _portable(components)
        self._of = {kind: _portable(schema) for kind, schema in zip(types, schemas, strict=True)}
        in_bodies = self._components_of(bodies)
        in_views = self._components_of(views)
        for name in in_bodies:
            self._named[name] = _with_defaults_described(self._named[name])
        for name in in_views:
            self._named[name] = _open(self._named[name])
        self.components = {name: self._named[name] for name in self._named if name in in_bodies | in_views}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type; a reference if the type has a name."""
        schema: dict[str, Any] = self._of[str(kind)]
        return schema

    def named(self, reference: str) -> tuple[str, dict[str, Any]]:
        """Name and schema of what `reference` points to: a component, or the parameters of a query."""
        name = reference.rpartition("/")[2]
        return name, self._named[name]

    def _components_of(self, kinds: set[str]) -> set[str]:
        names: set[str] = set()
        waiting = [self._of[kind] for kind in kinds if kind in self._of]
        while waiting:
            for reference in _references(waiting.pop()):
                name, schema = self.named(reference)
                if name not in names:
                    names.add(name)
                    waiting.append(schema)
        return names


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
    """The schema with patterns that every dialect of regular expressions understands, a type beside each
    enumeration, and no default null, for which generators make a field that is always there."""
    if isinstance(schema, dict):
        return {
            **({"type": "string"} if _is_enumeration(schema) else {}),
            **{
                key: value.replace(r"\Z", "$") if key == "pattern" else _portable(value)
                for key, value in schema.items()
                if not (key == "default" and value is None)
            },
        }
    return [_portable(entry) for entry in schema] if isinstance(schema, list) else schema


def _with_defaults_described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object that clients send, with defaults in prose: generators of clients take a field
    with a `default` as one that is always there, and so ask for it in what is sent."""
    return {**schema, "properties": {name: _described(field) for name, field in schema["properties"].items()}}


def _described(field: dict[str, Any]) -> dict[str, Any]:
    if "default" not in field:
        return field
    default = f"Default: `{json.dumps(field['default'])}`."
    others = {key: value for key, value in field.items() if key != "default"}
    return {**others, "description": f"{field.get('description', '')} {default}".strip()}


def _open(schema: Any) -> Any:
    """The schema of an answer, whose enumerations may grow: clients generated from it accept other values."""
    if isinstance(schema, list):
        return [_open(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if not _is_enumeration(schema):
        return {key: _open(value) for key, value in schema.items()}
    others = {key: value for key, value in schema.items() if key not in ("type", "enum")}
    return {**others, "anyOf": [{"type": "string", "enum": schema["enum"]}, {"type": "string"}]}


def _is_enumeration(schema: dict[str, Any]) -> bool:
    return isinstance(schema.get("enum"), list)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for entry in schema:
            yield from _references(entry)
