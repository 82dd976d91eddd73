"""Examples of bodies and answers, composed of the `examples` that the types of their fields declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.errors import OperatorError
from api.web.openapi.schemas import Schemas


class ExampleMissing(OperatorError):
    """A field whose type has no example."""


class Examples:
    """The example of each schema: its own, or else one composed of its parts.

    A field with `Meta(examples=[])` is left out.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def beside(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The members of a media type object other than its schema."""
        return {"example": self._of(schema, str(schema))}

    def _of(self, schema: Mapping[str, Any], field: str) -> Any:
        if schema.get("examples"):
            return schema["examples"][0]
        if "$ref" in schema:
            return self._object(*self._schemas.named(schema["$ref"]))
        if "anyOf" in schema:
            return self._of(schema["anyOf"][0], field)
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type"):
            case "array":
                return [self._of(schema["items"], field)]
            case "null":
                return None
        raise ExampleMissing(f"{field} has no example: annotate its type with Meta(examples=[…]).")

    def _object(self, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        return {
            field: self._of(inner, f"{name}.{field}")
            for field, inner in schema["properties"].items()
            if inner.get("examples") != []
        }
