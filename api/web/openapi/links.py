"""OpenAPI links: from an id in an answer to the operations that take it as a path parameter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import inspect as kinds

from api.web.operation import Operation

Declared = Mapping[str, Mapping[str, Operation]]
"""Path → method → operation."""

_DEEPEST = 3


class Links:
    """The links of each operation, derived from the routes and the types that they return."""

    def __init__(self, declared: Declared, ids: Mapping[tuple[str, str], str]) -> None:
        self._targets: dict[str, list[str]] = defaultdict(list)
        for (path, _), operation_id in ids.items():
            names = parameters(path)
            if len(names) == 1:
                self._targets[names[0]].append(operation_id)
        self._shown_as = {name: _views(name, declared) for name in self._targets}

    def of(self, path: str, operation: Operation) -> dict[str, Any]:
        """Name → Link Object for an answer of `operation` at `path`; none from a page, which may be empty."""
        links: dict[str, Any] = {}
        if operation.query is not None or operation.returns is None:
            return links
        returned = kinds.type_info(operation.returns)
        for name, views in self._shown_as.items():
            pointer = None if name in parameters(path) else next(_pointers(returned, views, name, ""), None)
            for target in self._targets[name] if pointer else ():
                links[target] = {
                    "operationId": target,
                    "parameters": {name: f"$response.body#{pointer}"},
                }
        return links


def parameters(path: str) -> list[str]:
    """The names in the braces of `path`."""
    return re.findall(r"{(\w+)[^}]*}", path)


def _views(name: str, declared: Declared) -> set[type]:
    """The types that represent the thing which the parameter `name` identifies."""
    below = next(path for path in declared if f"{{{name}}}" in path)
    collection, brace, _ = below.partition(f"/{{{name}}}")
    views: set[type] = set()
    for operation in (*declared.get(collection + brace, {}).values(), *declared.get(collection, {}).values()):
        views.update(_entry(operation.returns))
    return views


def _entry(returns: Any) -> Iterator[type]:
    """The struct that is returned, or the entry of a page."""
    if returns is None:
        return
    info = kinds.type_info(returns)
    if isinstance(info, kinds.StructType):
        data = next((field.type for field in info.fields if field.name == "data"), None)
        if isinstance(data, kinds.ListType) and isinstance(data.item_type, kinds.StructType):
            yield data.item_type.cls
        else:
            yield info.cls


def _pointers(info: kinds.Type, views: set[type], name: str, above: str) -> Iterator[str]:
    """The JSON pointers to values of the parameter `name` (RFC 6901)."""
    if isinstance(info, kinds.Metadata):
        info = info.type
    if isinstance(info, kinds.StructType) and above.count("/") < _DEEPEST + 1:
        fields = [field.encode_name for field in info.fields]
        if info.cls in views:
            yield f"{above}/{name if name in fields else 'id'}"
        for field in info.fields:
            yield from _pointers(field.type, views, name, f"{above}/{field.encode_name}")
    elif isinstance(info, kinds.ListType):
        yield from _pointers(info.item_type, views, name, f"{above}/0")
