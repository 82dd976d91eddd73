"""The only reader of query strings, so that every path refuses the same mistakes in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec
from msgspec import inspect as kinds

from api.errors import FieldError
from api.web import validation
from api.web.http_errors import (
    InvalidCursor,
    InvalidParameter,
    Refusal,
    RepeatedParameter,
    SecretInUrl,
    UnknownParameter,
)
from api.web.problems import shown

SECRETS = frozenset({"token", "access_token", "api_key", "password"})
KINDS: dict[str, type[Refusal]] = {
    kind.code: kind for kind in (InvalidParameter, InvalidCursor, UnknownParameter, RepeatedParameter)
}
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}\Z")

Query = TypeVar("Query", bound=msgspec.Struct)


class NoQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The query of a path that takes no parameters."""


def refuse_secrets(query_string: str) -> None:
    """Raise SecretInUrl for a parameter whose name marks its value as a secret."""
    for part in query_string.split("&"):
        name = name_of(part)
        if name.lower() in SECRETS:
            error = _error(SecretInUrl.code, name, "Send secrets in headers or bodies only.")
            raise SecretInUrl(f"The query string contains {shown(name)!r}.", errors=(error,))


def name_of(part: str) -> str:
    """The decoded name of one `name=value` in a query string."""
    return unquote_to_bytes(part.partition("=")[0].replace("+", " ")).decode("utf-8", "replace")


def decode(query_string: str, expected: type[Query]) -> Query:
    """The query as `expected`, or one error that lists everything wrong with it."""
    fields = {field.encode_name: field.type for field in _fields(expected)}
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, value in _pairs(query_string, errors):
        if name not in fields:
            errors.append(_error("unknown-parameter", name, "This path does not take this parameter."))
        elif name in values:
            errors.append(_error("repeated-parameter", name, "This parameter may be sent only once."))
        else:
            values[name] = _typed(value, fields[name])
    try:
        query = msgspec.convert(values, expected)
    except msgspec.ValidationError:
        errors.extend(_named(error) for error in validation.refusal(values, expected).errors)
    if errors:
        raise KINDS[errors[0].code](f"{errors[0].parameter}: {errors[0].detail}", errors=tuple(errors))
    return query


@cache
def _fields(expected: type[msgspec.Struct]) -> tuple[kinds.Field, ...]:
    info = kinds.type_info(expected)
    assert isinstance(info, kinds.StructType)  # noqa: S101  # the bound of Query, for mypy
    return info.fields


def _pairs(query_string: str, errors: list[FieldError]) -> Iterator[tuple[str, str]]:
    for part in query_string.split("&"):
        if not part:
            continue
        raw_name, _, raw_value = part.partition("=")
        name, value = _text(raw_name), _text(raw_value)
        if name is None or value is None:
            shown_name = shown(raw_name) if name is None else name
            errors.append(_error("invalid-parameter", shown_name, "This is not percent-encoded UTF-8."))
        else:
            yield name, value


def _text(raw: str) -> str | None:
    if _BAD_ESCAPE.search(raw):
        return None
    try:
        text = unquote_to_bytes(raw.replace("+", " ").encode("latin-1")).decode("utf-8")
    except UnicodeError:
        return None
    return None if "\0" in text else text


def _typed(value: str, kind: kinds.Type) -> Any:
    while isinstance(kind, kinds.Metadata | kinds.UnionType):
        kind = kind.type if isinstance(kind, kinds.Metadata) else kind.types[0]
    if isinstance(kind, kinds.IntType) and _WHOLE_NUMBER.match(value):
        return int(value)
    if isinstance(kind, kinds.BoolType) and value in ("true", "false"):
        return value == "true"
    return value


def _named(error: FieldError) -> FieldError:
    name = (error.pointer or "/").split("/")[1]
    if name == "after":
        return _error("invalid-cursor", name, "Not a valid cursor for this list.")
    return _error("invalid-parameter", name, error.detail)


def _error(code: str, name: str, detail: str) -> FieldError:
    return FieldError(code=code, detail=detail, parameter=shown(name))
