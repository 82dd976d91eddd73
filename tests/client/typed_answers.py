"""The module `kiosque_client.answers`, derived from the OpenAPI document: `make types`."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Any

from falcon.testing import TestClient

from api.app import create_app
from api.settings import Settings
from api.storage import migrations

MODULE = Path(__file__).parents[2] / "kiosque_client" / "answers.py"
HEAD = '''"""Typed dictionaries of all answers. `make types` derives this module from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar

Row = TypeVar("Row")


class Page(TypedDict, Generic[Row]):
    """One page of a list; `next` is the path of the next page, or None."""

    data: list[Row]
    next: str | None
'''
WITHOUT_KEY = '''WITHOUT_KEY = {paths}
"""Patterns of the paths where no POST may be repeated: the server stores no answer by Idempotency-Key."""
'''
SCALARS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}


def source() -> str:
    """The module as it should be."""
    document = openapi_document()
    schemas = document["components"]["schemas"]
    names = sorted(name for name in answered(document) if not name.startswith("Page_"))
    types = [typed_dict(name, schemas[name]) for name in names]
    code = "\n\n".join([HEAD, *types, WITHOUT_KEY.format(paths=paths_without_key(document))])
    formatting = [Path(sys.executable).with_name("ruff"), "format", "--stdin-filename", MODULE, "-"]
    return subprocess.run(formatting, input=code, capture_output=True, text=True, check=True).stdout


def openapi_document() -> Any:
    """The document of a server with the settings that it has by default."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"KIOSQUE_DATA": folder, "KIOSQUE_URL": "https://kiosque.test"})
        db = migrations.migrated(settings)
        document = TestClient(create_app(settings, db)).simulate_get("/openapi.json").json
        db.dispose()
    return document


def paths_without_key(document: Any) -> tuple[str, ...]:
    """Patterns of the paths of POSTs that may not be repeated."""
    posts = {path: each["post"] for path, each in document["paths"].items() if "post" in each}
    return tuple(
        re.sub(r"\{\w+\}", "[^/]+", path)
        for path, post in posts.items()
        if all(parameter["name"] != "Idempotency-Key" for parameter in post["parameters"])
    )


def answered(document: Any) -> set[str]:
    """The schemas of successful answers, and all that these refer to."""
    operations = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    waiting = [
        name
        for operation in operations
        for status, answer in operation["responses"].items()
        if status.startswith("2")
        for name in references(answer.get("content"))
    ]
    names: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += references(document["components"]["schemas"][name])
    return names


def references(schema: Any) -> Iterator[str]:
    """The names of the schemas that this one refers to."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield name_of(schema)
        for part in schema.values():
            yield from references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)


def name_of(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def typed_dict(name: str, schema: Any) -> str:
    """A class, or a call where a field has a name that Python keeps for itself."""
    fields = {
        field: hint(kind) if field in schema["required"] else f"NotRequired[{hint(kind)}]"
        for field, kind in schema["properties"].items()
    }
    if any(map(iskeyword, fields)):
        pairs = ", ".join(f'"{field}": "{kind}"' for field, kind in fields.items())
        return f'{name} = TypedDict("{name}", {{{pairs}}})\n'
    entries = "".join(f"    {field}: {kind}\n" for field, kind in fields.items())
    return f"class {name}(TypedDict):\n{entries}"


def hint(schema: Any) -> str:
    """The type of what a schema describes."""
    match schema:
        case {"$ref": _}:
            name = name_of(schema)
            return f"Page[{name[5:-1]}]" if name.startswith("Page_") else name
        case {"anyOf": kinds}:
            return " | ".join(dict.fromkeys(map(hint, kinds)))
        case {"enum": values}:
            return f"Literal[{', '.join(map(repr, values))}]"
        case {"type": "array", "items": items}:
            return f"list[{hint(items)}]"
        case {"type": "object", "additionalProperties": dict() as values}:
            return f"dict[str, {hint(values)}]"
        case {"type": kind}:
            return SCALARS[kind]
    return "Any"


if __name__ == "__main__":
    MODULE.write_text(source())
