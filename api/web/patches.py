"""Merge patches (RFC 7396), derived from the body that creates a thing, so that a field is declared once."""

from __future__ import annotations

from collections.abc import Iterable
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType


class Patch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to a thing: fields left out stay as they are, null clears a field."""

    def changes(self) -> dict[str, Any]:
        """The fields that were sent; a nested object is a mapping of its own changes."""
        sent = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {
            name: value.changes() if isinstance(value, Patch) else value
            for name, value in sent
            if value is not UNSET
        }


def patch_of(body: type[msgspec.Struct], *, without: Iterable[str] = (), **others: Any) -> type[Patch]:
    """The patch for things created by `body`: the same fields with the same limits, none required.

    Fields named in `without` cannot be changed; `others` are fields with a type of their own.
    """
    keys = {field.name: field.encode_name for field in msgspec.structs.fields(body)}
    hints = {name: _patched(hint) for name, hint in get_type_hints(body, include_extras=True).items()}
    types = {name: hint for name, hint in {**hints, **others}.items() if name not in without}
    name = body.__name__.removesuffix("Body").removesuffix("Draft") + "Patch"
    patch: type[Patch] = msgspec.defstruct(  # type: ignore[assignment]  # its stub ignores `bases`
        name,
        [
            (field, Union[hint, UnsetType], msgspec.field(default=UNSET, name=keys.get(field)))  # noqa: UP007
            for field, hint in types.items()
        ],
        bases=(Patch,),
        module=body.__module__,
        namespace={"__doc__": Patch.__doc__},
    )
    return patch


def _patched(hint: Any) -> Any:
    """The type of a field in a patch; nested objects become patches too."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return patch_of(hint)
    if get_origin(hint) in (Union, UnionType):
        return Union[tuple(_patched(choice) for choice in get_args(hint))]  # noqa: UP007
    return hint
