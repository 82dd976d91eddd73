"""Keyset pages: a cursor is a position in the order, not a row, so no row that stays is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Meta

from api.ids import PATTERN
from api.times import Instant
from api.web.context import Request, Response
from api.web.responses import listed

DEFAULT, MOST = 20, 100

IdCursor = Annotated[str, Meta(pattern=rf"^{PATTERN}\Z")]
"""A position among ids: the 26 characters after the prefix."""

RankCursor = Annotated[str, Meta(pattern=rf"^[0-9]{{18}}{PATTERN}\Z")]
"""A position among ranks of a search, then instants, then ids."""

NameCursor = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+\Z")]
"""A position among slugs."""

Row = TypeVar("Row")


class PageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every list takes; a list that sorts by more than ids gives `after` its own type."""

    limit: Annotated[int, Meta(ge=1, le=MOST)] = DEFAULT
    after: IdCursor | None = None


Entry = TypeVar("Entry")


class Page(msgspec.Struct, Generic[Entry]):
    """What every list answers: `returns=Page[ArticleView]` in its declaration."""

    data: list[Entry]
    next: str | None


def id_after(cursor: str | None, prefix: str, *, start: str) -> str:
    """The id at `cursor`, or `start` (an id that sorts before, or after, all) without one."""
    return f"{prefix}_{cursor}" if cursor else start


def time_cursor(at: Instant, row_id: str) -> str:
    """The position of a row that sorts by an instant, then its id."""
    digits = "".join(character for character in at if character.isdigit())
    return digits + row_id.partition("_")[2]


def time_of(digits: str) -> Instant:
    """The instant that 17 digits of a cursor write; any digits give text that compares among instants."""
    d = digits
    return Instant(f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}.{d[14:]}Z")


def page(
    req: Request,
    resp: Response,
    rows: Sequence[Row],
    *,
    limit: int,
    view: Callable[[Row], Any],
    cursor: Callable[[Row], str],
) -> None:
    """Answer with the first `limit` of `rows`; one row more than that means that there is a next page."""
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        parameters = {**req.params, "after": cursor(shown[-1])}
        following = f"{quote(req.path)}?{urlencode(parameters)}"
    listed(resp, [view(row) for row in shown], next_page=following)
