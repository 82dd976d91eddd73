"""Every setting as it is in force, and nothing that is secret."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.settings import SETTINGS, Settings


class SettingInForce(Struct, frozen=True, kw_only=True):
    """A setting: `set` unless its value is the default; the value of a secret is null."""

    variable: Annotated[str, Meta(examples=["KIOSQUE_NAME"])]
    type: Annotated[str, Meta(examples=["text"])]
    value: Annotated[str | None, Meta(examples=["Kiosque"])]
    default: Annotated[str, Meta(examples=["Kiosque"])]
    set: Annotated[bool, Meta(examples=[True])]
    secret: Annotated[bool, Meta(examples=[False])]
    description: Annotated[str, Meta(examples=["name of the site"])]


def in_force(settings: Settings) -> list[SettingInForce]:
    """Every setting, in the order of the documentation."""
    values = {name: getattr(settings, name) for name in SETTINGS}
    return [
        SettingInForce(
            variable=row.variable,
            type=_plain(row.kind.name),
            value=None if row.kind.is_secret else row.display(values[name]),
            default=_plain(row.shown),
            set=values[name] != row.default(values),
            secret=row.kind.is_secret,
            description=_plain(row.meaning),
        )
        for name, row in SETTINGS.items()
    ]


def _plain(text: str) -> str:
    return text.replace("`", "")
