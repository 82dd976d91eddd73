"""The numbers of articles: they grow with the instant by which each is listed, so hits come in its order."""

from __future__ import annotations

ROOM = 16
"""Numbers of a millisecond; when they are taken, the next ones serve."""

FARTHEST = 3_600_000 * ROOM
"""How far after its instant a number may lie: a million articles of one instant do not fill an hour."""

BEYOND = 2**63 - 1
"""Greater than every number."""

_LONGEST = 10
"""Digits by which a number lies after the first of its millisecond."""


def place(at: str) -> int:
    """The first number of that instant; a text in the form of one, such as `2026-99-99T…`, has one too."""
    year, month, day = int(at[:4]), int(at[5:7]), int(at[8:10])
    hour, minute, second = int(at[11:13]), int(at[14:16]), int(at[17:19])
    days = (year * 12 + month - 1) * 31 + day - 1
    return ((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + int(at[20:23])) * ROOM


def mark(number: int, at: str) -> str:
    """The part of a cursor that distinguishes `number` from others of its instant, in the form of an id."""
    return f"art_{number - place(at):026d}"


def marked(at: str, mark: str) -> int:
    """The number of that `mark`; the first of the instant when it is an article's id."""
    digits = mark.partition("_")[2]
    return place(at) + (int(digits[-_LONGEST:]) if digits.isdecimal() else 0)
