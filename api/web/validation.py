"""Explanations of invalid values: every error in every field at once, where msgspec stops at the first.

They are made only after msgspec has refused a value, so a valid one does not pay for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import msgspec
from msgspec import inspect as kinds

from api.errors import FieldError, Invalid, InvalidFormat, OutOfRange, UnknownField
from api.text.fields import CONTROL, Moment
from api.web.problems import shown

SMALL = 60
"""Characters of an example that fits into a sentence."""


class InvalidType(Invalid):
    """The value has the wrong JSON type."""

    code, title = "invalid-type", "Wrong type"
    remedy = "Send the type given in /openapi.json: numbers without quotes, integers without a fraction."


class InvalidCharacters(Invalid):
    """The string contains a control character other than a tab or a line break."""

    code, title = "invalid-characters", "Invalid characters"
    remedy = "Remove the control characters."


class Required(Invalid):
    """A required field is missing."""

    code, title = "required", "Field required"
    remedy = "Add the field."


class TooLong(Invalid):
    """The string is longer than the field allows."""

    code, title = "too-long", "Too long"
    remedy = "Shorten it to the maxLength in /openapi.json; nothing is ever truncated silently."


class TooShort(Invalid):
    """The string is shorter than the field allows."""

    code, title = "too-short", "Too short"
    remedy = "Send at least as many characters as the minLength in /openapi.json."


class TooFew(Invalid):
    """The array has fewer entries than the field requires."""

    code, title = "too-few", "Too few entries"
    remedy = "Send at least the minItems given in /openapi.json."


class TooManyEntries(Invalid):
    """The array or object has more entries than the field allows."""

    code, title = "too-many-lines", "Too many entries"
    remedy = "Send at most the number of entries in /openapi.json; split larger work into several requests."


KINDS: dict[str, type[Invalid]] = {
    kind.code: kind
    for kind in (
        InvalidType,
        InvalidCharacters,
        InvalidFormat,
        UnknownField,
        Required,
        TooLong,
        TooShort,
        TooFew,
        TooManyEntries,
        OutOfRange,
    )
}


def refusal(value: Any, expected: type) -> Invalid:
    """The error for a `value` that msgspec would not convert to `expected`, with one entry per field."""
    errors = _node(value, _type_of(expected), "")
    first = next(errors)
    refused = KINDS[first.code](first.detail, errors=chain([first], errors))
    others = len(refused.errors) - 1 + refused.errors_left_out
    if others:
        refused.detail = f"{first.detail.removesuffix('.')} (and {others} more error{'s'[: others - 1]})."
    return refused


@cache
def _type_of(expected: type) -> kinds.Type:
    return kinds.type_info(expected)


def _node(value: Any, kind: kinds.Type, at: str) -> Iterator[FieldError]:
    if isinstance(kind, kinds.Metadata):
        kind = kind.type
    match kind:
        case kinds.UnionType():
            yield from _union(value, kind, at)
        case kinds.StructType():
            yield from _struct(value, kind, at)
        case kinds.ListType() | kinds.VarTupleType():
            yield from _list(value, kind, at)
        case kinds.DictType():
            yield from _dict(value, kind, at)
        case kinds.StrType():
            yield from _text(value, kind, at)
        case kinds.IntType():
            yield from _number(value, kind, at, of=int, named="an integer")
        case kinds.FloatType():
            yield from _number(value, kind, at, of=(int, float), named="a number")
        case kinds.LiteralType():
            if value not in kind.values or isinstance(value, bool):
                yield from _choice(value, kind.values, at)
        case kinds.BoolType():
            if not isinstance(value, bool):
                yield _wrong_type(at, "true or false")
        case kinds.NoneType():
            if value is not None:
                yield _wrong_type(at, "null")
        case kinds.DateTimeType():
            yield from _time(value, at)
        case _:
            raise TypeError(f"no explanation for the type {kind} in a schema")


def _union(value: Any, kind: kinds.UnionType, at: str) -> Iterator[FieldError]:
    if value is None and kind.includes_none:
        return
    choices = [choice for choice in kind.types if not isinstance(choice, kinds.NoneType)]
    refused = [list(_node(value, choice, at)) for choice in choices]
    yield from refused[0] if all(refused) else ()


def _struct(value: Any, kind: kinds.StructType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, dict):
        yield _wrong_type(at, f"an object{_such_as(kind)}")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for name, inner in value.items():
        here = f"{at}/{_escaped(name)}"
        if name in fields:
            yield from _node(inner, fields[name].type, here)
        else:
            yield _error("unknown-field", here, f"There is no field {shown(name)!r}.")
    for name, field in fields.items():
        if field.required and name not in value:
            yield _error("required", f"{at}/{name}", f"The field {name!r} is required.")


def _such_as(kind: kinds.StructType) -> str:
    """An example of a small object, such as money, which people send as a number; of others nothing."""
    fields = [field for field in kind.fields if field.required] or kind.fields
    examples = {field.encode_name: _example(field.type) for field in fields}
    text = msgspec.json.encode(examples).decode()
    return "" if None in examples.values() or len(text) > SMALL else f", such as {text}"


def _example(kind: kinds.Type) -> Any:
    if isinstance(kind, kinds.UnionType):
        kind = kind.types[0]
    declared = kind.extra_json_schema if isinstance(kind, kinds.Metadata) else None
    return next(iter((declared or {}).get("examples", ())), None)


def _list(value: Any, kind: kinds.ListType | kinds.VarTupleType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, list):
        yield _wrong_type(at, "an array")
        return
    if kind.min_length is not None and len(value) < kind.min_length:
        yield _error("too-few", at, f"Must have at least {_entries(kind.min_length)}.")
    if kind.max_length is not None and len(value) > kind.max_length:
        yield _error("too-many-lines", at, f"Must have at most {_entries(kind.max_length)}.")
        return
    for index, inner in enumerate(value):
        yield from _node(inner, kind.item_type, f"{at}/{index}")


def _dict(value: Any, kind: kinds.DictType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, dict):
        yield _wrong_type(at, "an object")
        return
    if kind.max_length is not None and len(value) > kind.max_length:
        yield _error("too-many-lines", at, f"Must have at most {_entries(kind.max_length)}.")
        return
    for name, inner in value.items():
        here = f"{at}/{_escaped(name)}"
        yield from _node(name, kind.key_type, here)
        yield from _node(inner, kind.value_type, here)


def _text(value: Any, kind: kinds.StrType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, str):
        yield _wrong_type(at, "a string")
    elif CONTROL.search(value):
        yield _error("invalid-characters", at, "Must not contain control characters.")
    elif kind.max_length is not None and len(value) > kind.max_length:
        yield _error("too-long", at, f"Must have at most {_characters(kind.max_length)}.")
    elif kind.min_length is not None and len(value) < kind.min_length:
        yield _error("too-short", at, f"Must have at least {_characters(kind.min_length)}.")
    elif kind.pattern is not None and not re.search(kind.pattern, value):
        yield _error("invalid-format", at, f"{shown(value)!r} does not match the required format.")


def _characters(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count:,} characters"


def _entries(count: int) -> str:
    return f"{count} entry" if count == 1 else f"{count:,} entries"


def _number(
    value: Any, kind: kinds.IntType | kinds.FloatType, at: str, *, of: Any, named: str
) -> Iterator[FieldError]:
    if not isinstance(value, of) or isinstance(value, bool):
        yield _wrong_type(at, named)
    elif kind.ge is not None and value < kind.ge:
        yield _error("out-of-range", at, f"Must be at least {kind.ge}.")
    elif kind.le is not None and value > kind.le:
        yield _error("out-of-range", at, f"Must be at most {kind.le}.")


def _choice(value: Any, choices: tuple[Any, ...], at: str) -> Iterator[FieldError]:
    if isinstance(value, str):
        listed = ", ".join(str(choice) for choice in choices)
        yield _error("invalid-format", at, f"{shown(value)!r} is not one of {listed}.")
    else:
        yield _wrong_type(at, "a string")


def _time(value: Any, at: str) -> Iterator[FieldError]:
    if not isinstance(value, str):
        yield _wrong_type(at, "a date-time string")
        return
    try:
        msgspec.convert(value, Moment)
    except msgspec.ValidationError:
        detail = f"{shown(value)!r} is not a date-time with a time zone, such as 2026-11-22T09:30:00Z."
        yield _error("invalid-format", at, detail)


def _wrong_type(at: str, expected: str) -> FieldError:
    return _error("invalid-type", at, f"Must be {expected}.")


def _error(code: str, pointer: str, detail: str) -> FieldError:
    return FieldError(code=code, detail=detail, pointer=pointer)


def _escaped(name: str) -> str:
    return shown(name).replace("~", "~0").replace("/", "~1")
