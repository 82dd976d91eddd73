"""Writes the values that PHP serialises."""

from __future__ import annotations

from api.imports.wxr.phpserialize import Php


def dumps(value: Php) -> str:
    """The value as PHP would write it."""
    match value:
        case None:
            return "N;"
        case bool():
            return f"b:{int(value)};"
        case int():
            return f"i:{value};"
        case float():
            return f"d:{value!r};"
        case str():
            return f's:{len(value.encode())}:"{value}";'
        case dict():
            inside = "".join(dumps(k) + dumps(v) for k, v in value.items())
            return f"a:{len(value)}:{{{inside}}}"
