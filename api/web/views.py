"""Views of records: the fields that clients see."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

View = TypeVar("View", bound=msgspec.Struct)


def view_of(view: type[View], record: object, **others: Any) -> View:
    """The view of `record`: its attributes of the same names, and `others`."""
    return view(
        **{name: others[name] if name in others else getattr(record, name) for name in view.__struct_fields__}
    )
