"""Views of records: the fields that clients see."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

View = TypeVar("View", bound=msgspec.Struct)


def view_of(view: type[View], record: object, **others: Any) -> View:
    """The view of `record`: its attributes of the same names, and `others`."""
    for name in view.__struct_fields__:
        if name not in others:
            others[name] = getattr(record, name)
    return view(**others)
