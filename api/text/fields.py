"""Types of fields that several nouns share: strings with a limit and without control characters."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from api.ids import PATTERN as ID_PATTERN

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
HIDDEN = (
    r"\u180e\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Characters that turn the direction of what follows, also after the name they are in, or are never seen."""
_SHAPING = "\u061c\u200c-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Blanks that change the letters beside them, in Persian or in an emoji: they belong to names of people."""
_SPACING = r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u200b\u2800\u3164\uffa0"
"""Other blanks, such as those between the words of Khmer."""
BLANKS = HIDDEN + _SHAPING + _SPACING
"""Characters that show nothing by themselves, or turn the direction of others; for a class of a pattern."""
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
"""A flag as that of Scotland: hidden characters after a black one."""
_HOST = r"[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]{1,5})?"
_PATH = rf"(?:[^\s{_CONTROLS}\"#%<>\[\\\]^`{{|}}]|%[0-9A-Fa-f]{{2}})*"

CONTROL = re.compile(f"[{_CONTROLS}]")

# Patterns end in \Z: `$` also matches before a final newline in Python. The OpenAPI document shows it as `$`.
NO_CONTROL = rf"^[^{_CONTROLS}]*\Z"
VISIBLE = rf"^(?:[^\S{_CONTROLS}]|[{BLANKS}])*[^\s{_CONTROLS}{BLANKS}][^{_CONTROLS}]*\Z"
"""No control characters and at least one visible one; matches in only one way, so long strings stay cheap."""
_LEADING = rf"^(?:[^\S{_CONTROLS}]|[{_SHAPING}{_SPACING}])*(?:{_FLAG}|[^\s{_CONTROLS}{BLANKS}])"
LINE = rf"{_LEADING}(?:{_FLAG}|[^{_CONTROLS}{HIDDEN}])*\Z"
"""A name or title: something visible, and nothing hidden."""
PERSON = (
    rf"^[^\S{_CONTROLS}]*(?:{_FLAG}|[^\s{_CONTROLS}{BLANKS}])(?:{_FLAG}|[^{_CONTROLS}{HIDDEN}{_SPACING}])*\Z"
)
"""A name of somebody, which must not look like that of somebody else for a blank in it."""
WEB_URL = rf"^(?:(?:https?:)?//{_HOST}(?:[/?]{_PATH})?|/(?!/){_PATH})(?:#{_PATH})?\Z"
"""An http(s) URL or a path on this site, as in RFC 3986, with letters of any script after the host."""
SITE_PATH = rf"^/(?!/){_PATH}\Z"
"""A path on this site, with or without a query."""
DESTINATION = (
    rf"^(?:https?://{_HOST}(?:[/?]{_PATH})?"
    rf"|/(?![^?#]*//)(?!(?:[^?#]*/)?\.\.?(?:[/?#]|\Z))(?!/){_PATH})(?:#{_PATH})?\Z"
)
"""A path on this site, or an http(s) URL with its scheme: nothing that leads elsewhere by accident."""

HTTP_URL = rf"^https?://{_HOST}(?:[/?]{_PATH})?(?:#{_PATH})?\Z"
"""An http(s) URL, likewise."""

Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
PersonName = Annotated[str, Meta(min_length=1, max_length=200, pattern=PERSON)]
Summary = Annotated[str, Meta(max_length=1_000, pattern=NO_CONTROL)]
Document = Annotated[str, Meta(max_length=200_000, pattern=NO_CONTROL)]
Label = Annotated[str, Meta(min_length=1, max_length=60, pattern=LINE)]
Url = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=WEB_URL)]
HttpUrl = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=HTTP_URL)]
Search = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*\Z")]
"""Anything that a person types; a query string cannot contain NUL."""

SoughtSlug = Annotated[str, Meta(max_length=100, pattern=NO_CONTROL)]
"""A slug to filter by: an impossible one is not an error and matches nothing."""

_TIME_EXAMPLES = ["2026-11-22T09:30:00.000Z"]

Moment = Annotated[datetime, Meta(tz=True, examples=_TIME_EXAMPLES)]
"""A time that a client sends: RFC 3339 with a time zone."""

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"}, examples=_TIME_EXAMPLES)]
"""A time that Kiosque sends: RFC 3339 in UTC with milliseconds."""


def id_of(prefix: str) -> str:
    """The pattern of a public id."""
    return rf"^{prefix}_{ID_PATTERN}\Z"


def id_example(prefix: str) -> Meta:
    """An example of a public id, the same for all of a kind, so that those in different answers agree."""
    return Meta(examples=[f"{prefix}_01kat8xq6hv3zj5r2m9w4n7bcd"])
