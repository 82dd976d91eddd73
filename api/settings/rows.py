"""The rows of the table of settings: variable, type, default and meaning in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.settings import types


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table: `shown` is the default for people, `default` computes it from the rows above."""

    variable: str
    kind: types.SettingType
    shown: str
    default: Callable[[Mapping[str, Any]], Any]
    meaning: str

    def display(self, value: Any) -> str:
        """The value for people on one line, the password in a URL masked, and a secret altogether."""
        if self.kind.is_secret:
            return "***" if value else ""
        if self.kind.holds_password:
            masked = re.sub(r"(://[^:/@]*:).*@", r"\1***@", value)
            return re.sub(r"(?i)([?&](?:ssl)?password=)[^&]*", r"\1***", masked)
        if isinstance(value, frozenset):
            value = sorted(value)
        if isinstance(value, list | tuple):
            return ",".join(value)
        return "" if value is None else " / ".join(str(value).splitlines())


def setting(
    variable: str,
    kind: types.SettingType,
    default: str | Callable[[Mapping[str, Any]], Any],
    meaning: str,
    *,
    shown: str | None = None,
) -> Any:
    """A field of Settings; its default is a text as the operator would write it, or is computed."""
    shown = shown if shown is not None else f"`{default}`" if default else "empty"
    compute = default if callable(default) else lambda _: kind.read(default)
    return field(metadata={"setting": Setting(variable, kind, shown, compute, meaning)})
