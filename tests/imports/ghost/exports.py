"""Exports as the tests write them."""

import io
import json
from typing import Any

import pytest

from api.imports import ghost
from api.imports.errors import ImportRefused
from api.imports.records import Export
from tests.imports.conftest import NOW


def read(*posts: dict[str, Any], wrapped: bool = False, **tables: Any) -> Export:
    flat = {"data": {"posts": list(posts), **tables}}
    document = {"db": [flat]} if wrapped else flat
    return ghost.read(io.BytesIO(json.dumps(document).encode()), now=NOW)


def refusal(content: str | bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        ghost.read(io.BytesIO(content.encode() if isinstance(content, str) else content))
    return caught.value


def lexical(*nodes: dict[str, Any]) -> str:
    return json.dumps({"root": {"type": "root", "children": list(nodes)}})
