"""Results of checks."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

State = Literal["ok", "warning", "failed", "skipped"]


class Finding(NamedTuple):
    """The state of a thing, and what can be done about it."""

    state: State
    detail: str
    remedy: str | None = None


class Check(Struct, frozen=True, kw_only=True):
    """The finding of one check: `skipped` if it was not made, or not finished in time."""

    name: Annotated[str, Meta(examples=["disk"])]
    state: Annotated[State, Meta(examples=["ok"])]
    detail: Annotated[str, Meta(examples=["20480 MiB free in /var/lib/kiosque"])]
    remedy: Annotated[str | None, Meta(examples=["Free some space on the disk of KIOSQUE_DATA."])]
