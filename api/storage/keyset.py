"""A page of an ordered list by position: after a given row, so that no page costs more than the first."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

Position = TypeVar("Position")


class Keyset(NamedTuple, Generic[Position]):
    """At most `most` rows after `position` in the order of the list.

    A position need not be a row: rows may come and go while a client walks through the list.
    """

    position: Position
    most: int
