"""Views of records: the fields that clients see."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

View = TypeVar("View", bound=msgspec.Struct)


def view_of(view: type[View], record: object, **others: Any) -> View:
    """The view of `record`: its attributes of the same names, and `others`."""
    names, values = _copied(view, tuple(others))
    others.update(zip(names, values(record), strict=True))
    return view(**others)


@cache
def _copied(
    view: type[msgspec.Struct], others: tuple[str, ...]
) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    """The fields of a view that are copied from its record, and how."""
    names = tuple(name for name in view.__struct_fields__ if name not in others)
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda record: tuple(getattr(record, name) for name in names)
