"""Strict JSON: what RFC 8259 and I-JSON forbid and Python's decoder lets pass is refused with its offset."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import msgspec

from api.web.http_errors import Refusal
from api.web.problems import shown

DEPTH = 32
HUGE = 10**40
"""Stands for every integer of more than 40 digits: out of any range, and cheap to parse."""

encode = msgspec.json.Encoder().encode

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,:\[\]{}"]+')
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class InvalidJson(Refusal):
    """The body is not JSON as RFC 8259 defines it: UTF-8, no byte order mark, no NaN or Infinity."""

    code, title = "invalid-json", "Invalid JSON"
    remedy = "Fix the body at `offset`, counted in characters from 0."


class DuplicateKey(Refusal):
    """An object has the same key twice."""

    code, title = "duplicate-key", "Duplicate key"
    remedy = "Send each key once."


class JsonTooDeep(Refusal):
    """The body is nested more than 32 levels deep."""

    code, title = "json-too-deep", "JSON too deep"
    remedy = "Send a less deeply nested body."


class InvalidUnicode(Refusal):
    """A string contains half of a surrogate pair."""

    code, title = "invalid-unicode", "Invalid Unicode"
    remedy = r"Send characters above U+FFFF unescaped, or escape both halves: \ud83d\ude00."


def decode(body: bytes) -> Any:
    """The JSON value of `body`, where 5.0 is the integer 5, as in JSON Schema.

    Raises InvalidJson, DuplicateKey, JsonTooDeep, InvalidUnicode.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidJson("The body is not UTF-8.", offset=error.start) from None
    if text.startswith("\ufeff"):
        raise InvalidJson("The body starts with a byte order mark.", offset=0)
    try:
        value = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise InvalidJson(
            f"{error.msg} at line {error.lineno}, column {error.colno}.", offset=error.pos
        ) from None
    except _NotJson as error:
        raise InvalidJson(error.detail, offset=_offset_of(error.token, text)) from None
    except RecursionError:
        raise JsonTooDeep from None
    _refuse_deep(value, text)
    _refuse_surrogates(value, text)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                name = shown(key.encode("utf-8", "replace").decode())
                raise DuplicateKey(f"The key {name!r} occurs twice in one object.", key=name)
            seen.add(key)
    return members


def _number(text: str) -> int | float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _NotJson(text, f"The number {shown(text)} is too large.")
    return int(number) if number.is_integer() else number


def _integer(text: str) -> int:
    if len(text) <= 40:
        return int(text)
    return -HUGE if text.startswith("-") else HUGE


def _constant(name: str) -> NoReturn:
    raise _NotJson(name, f"{name} is not valid JSON.")


class _NotJson(Exception):
    """A token that Python's decoder accepts and JSON does not; the decoder does not report its offset."""

    def __init__(self, token: str, detail: str) -> None:
        super().__init__(detail)
        self.token, self.detail = token, detail


def _offset_of(token: str, text: str) -> int:
    return next(match.start() for match in _TOKEN.finditer(text) if match[0].startswith(token))


def _refuse_deep(value: Any, text: str) -> None:
    if text.count("[") + text.count("{") <= DEPTH:
        return
    level = [value]
    for _ in range(DEPTH):
        level = [inner for outer in level for inner in _children(outer)]
    if any(isinstance(inner, dict | list) for inner in level):
        raise JsonTooDeep


def _refuse_surrogates(value: Any, text: str) -> None:
    if not _ESCAPED_SURROGATE.search(text):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidUnicode from None


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_constant
)
