"""What is wrong with a value, field by field, all at once; asked only after msgspec has refused it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as kinds

from api.errors import FieldError, Invalid, UnknownField
from api.text.fields import CONTROL, Moment
from api.web.problems import shown


class InvalidType(Invalid):
    """A value has another JSON type than the schema says."""

    code, title = "invalid-type", "Wrong type"
    remedy = (
        "Send the type that /openapi.json names: numbers without quotes, whole numbers without a fraction."
    )


class InvalidCharacters(Invalid):
    """A text holds NUL or another control character than tab and newline."""

    code, title = "invalid-characters", "Invalid characters"
    remedy = "Remove the control characters."


class InvalidFormat(Invalid):
    """A text has not the form that its field asks for."""

    code, title = "invalid-format", "Invalid format"
    remedy = "See the field's pattern, format or list of values in /openapi.json."


class Required(Invalid):
    """A required field is missing."""

    code, title = "required", "Field required"
    remedy = "Send the field."


class TooLong(Invalid):
    """A text is longer than its field allows."""

    code, title = "too-long", "Too long"
    remedy = "Shorten it to the maxLength in /openapi.json; nothing is ever cut in silence."


class TooShort(Invalid):
    """A text is shorter than its field allows."""

    code, title = "too-short", "Too short"
    remedy = "Send at least the minLength in /openapi.json."


class TooFew(Invalid):
    """A list has fewer entries than its field asks for."""

    code, title = "too-few", "Too few entries"
    remedy = "Send at least the minItems in /openapi.json."


class TooManyEntries(Invalid):
    """A list has more entries than its field allows."""

    code, title = "too-many-lines", "Too many entries"
    remedy = "Send at most the maxItems in /openapi.json; split larger work over several requests."


class OutOfRange(Invalid):
    """A number is smaller or larger than its field allows."""

    code, title = "out-of-range", "Out of range"
    remedy = "Stay between minimum and maximum of /openapi.json."


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
    """The error for a `value` that msgspec would not convert to `expected`: one line a field, in order."""
    found = tuple(_node(value, _type_of(expected), ""))
    first = found[0]
    detail = first.detail if len(found) == 1 else f"{first.detail} {len(found) - 1} more below."
    return KINDS[first.code](detail, errors=found)


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
            yield from _integer(value, kind, at)
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
            raise TypeError(f"a schema holds {kind}, which nothing here explains")


def _union(value: Any, kind: kinds.UnionType, at: str) -> Iterator[FieldError]:
    if value is None and kind.includes_none:
        return
    choices = [choice for choice in kind.types if not isinstance(choice, kinds.NoneType)]
    yield from _node(value, choices[0], at)


def _struct(value: Any, kind: kinds.StructType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, dict):
        yield _wrong_type(at, "an object")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for name, inner in value.items():
        here = f"{at}/{_escaped(name)}"
        if name in fields:
            yield from _node(inner, fields[name].type, here)
        else:
            yield FieldError(
                code="unknown-field", detail=f"There is no field {shown(name)!r} here.", pointer=here
            )
    for name, field in fields.items():
        if field.required and name not in value:
            yield FieldError(
                code="required", detail=f"The field {name!r} is required.", pointer=f"{at}/{name}"
            )


def _list(value: Any, kind: kinds.ListType | kinds.VarTupleType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, list):
        yield _wrong_type(at, "a list")
        return
    if kind.min_length is not None and len(value) < kind.min_length:
        yield FieldError(code="too-few", detail=f"At least {kind.min_length} must be given.", pointer=at)
    if kind.max_length is not None and len(value) > kind.max_length:
        yield FieldError(code="too-many-lines", detail=f"At most {kind.max_length} may be given.", pointer=at)
        return
    for index, inner in enumerate(value):
        yield from _node(inner, kind.item_type, f"{at}/{index}")


def _dict(value: Any, kind: kinds.DictType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, dict):
        yield _wrong_type(at, "an object")
        return
    if kind.max_length is not None and len(value) > kind.max_length:
        yield FieldError(code="too-many-lines", detail=f"At most {kind.max_length} may be given.", pointer=at)
        return
    for name, inner in value.items():
        here = f"{at}/{_escaped(name)}"
        yield from _node(name, kind.key_type, here)
        yield from _node(inner, kind.value_type, here)


def _text(value: Any, kind: kinds.StrType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, str):
        yield _wrong_type(at, "a text")
    elif CONTROL.search(value):
        yield FieldError(
            code="invalid-characters", detail="Control characters are not allowed here.", pointer=at
        )
    elif kind.max_length is not None and len(value) > kind.max_length:
        yield FieldError(code="too-long", detail=f"At most {_characters(kind.max_length)}.", pointer=at)
    elif kind.min_length is not None and len(value) < kind.min_length:
        yield FieldError(code="too-short", detail=f"At least {_characters(kind.min_length)}.", pointer=at)
    elif kind.pattern is not None and not re.search(kind.pattern, value):
        yield FieldError(
            code="invalid-format", detail=f"{shown(value)!r} has not the form asked for.", pointer=at
        )


def _characters(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count:,} characters"


def _integer(value: Any, kind: kinds.IntType, at: str) -> Iterator[FieldError]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _wrong_type(at, "a whole number")
    elif kind.ge is not None and value < kind.ge:
        yield FieldError(code="out-of-range", detail=f"At least {kind.ge}.", pointer=at)
    elif kind.le is not None and value > kind.le:
        yield FieldError(code="out-of-range", detail=f"At most {kind.le}.", pointer=at)


def _choice(value: Any, choices: tuple[Any, ...], at: str) -> Iterator[FieldError]:
    if isinstance(value, str):
        listed = ", ".join(str(choice) for choice in choices)
        yield FieldError(
            code="invalid-format", detail=f"{shown(value)!r} is not one of {listed}.", pointer=at
        )
    else:
        yield _wrong_type(at, "a text")


def _time(value: Any, at: str) -> Iterator[FieldError]:
    if not isinstance(value, str):
        yield _wrong_type(at, "a time as text")
        return
    try:
        msgspec.convert(value, Moment)
    except msgspec.ValidationError:
        detail = f"{shown(value)!r} is not a time with a zone, such as 2026-11-22T09:30:00Z."
        yield FieldError(code="invalid-format", detail=detail, pointer=at)


def _wrong_type(at: str, expected: str) -> FieldError:
    return FieldError(code="invalid-type", detail=f"This must be {expected}.", pointer=at)


def _escaped(name: str) -> str:
    return shown(name).replace("~", "~0").replace("/", "~1")
