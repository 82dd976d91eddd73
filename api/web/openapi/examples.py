"""Examples of bodies and answers, composed of one value per field, so that none of them lacks an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web.openapi.schemas import Schemas

LEFT_OUT = object()
"""The value of a field that examples omit."""


class Examples:
    """`values`: `field` or `Type.field` → its value."""

    def __init__(self, schemas: Schemas, values: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._values = values

    def beside(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The members of a media type object other than its schema."""
        return {"example": self._of(schema, within="", field="")}

    def _of(self, schema: Mapping[str, Any], *, within: str, field: str) -> Any:
        for key in (f"{within}.{field}", field):
            if key in self._values:
                return self._values[key]
        if "$ref" in schema:
            name, schema = self._schemas.named(schema["$ref"])
            return self._object(schema, within=name)
        if "anyOf" in schema:
            return self._of(schema["anyOf"][0], within=within, field=field)
        match schema.get("type"):
            case "array":
                return [self._of(schema["items"], within=within, field=f"{field}[]")]
            case "object":
                return self._object(schema, within=within)
        if "enum" in schema:
            return schema["enum"][0]
        raise LookupError(f"No example for {within}.{field}: {schema}")

    def _object(self, schema: Mapping[str, Any], *, within: str) -> dict[str, Any]:
        fields = {
            name: self._of(inner, within=within, field=name)
            for name, inner in schema.get("properties", {}).items()
        }
        return {name: value for name, value in fields.items() if value is not LEFT_OUT}
