"""Keyset pages: a cursor is a position in the order, so that changes neither skip nor repeat other rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Meta

from api.ids import PATTERN
from api.storage import Keyset
from api.times import Instant
from api.web import json
from api.web.context import Request, Response
from api.web.responses import listed

DEFAULT, MOST = 20, 100
MOST_BYTES = 1_048_576
"""A page of long texts ends where it would get longer, but never before its first row."""

IdCursor = Annotated[str, Meta(pattern=rf"^{PATTERN}\Z")]
"""A position among ids: the 26 characters after the prefix."""

RankCursor = Annotated[str, Meta(pattern=rf"^[0-9]{{18}}{PATTERN}\Z")]
"""A position among ranks of a search, then instants, then ids."""

SlugCursor = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+\Z")]
"""A position among slugs."""

Row = TypeVar("Row")


class PageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The query of a list of things with ids, newest first.

    A subclass sets the `prefix` of those ids and adds filters. A list in another order overrides `after`,
    `position` and `cursor`.
    """

    prefix: ClassVar[str] = ""
    limit: Annotated[int, Meta(ge=1, le=MOST)] = DEFAULT
    after: IdCursor | None = None

    def page(self) -> Keyset[Any]:
        """The rows to fetch: one more than the page shows, to find out whether another page follows."""
        return Keyset(self.position(), self.limit + 1)

    def position(self) -> Any:
        """The position after which the page starts."""
        return f"{self.prefix}_{self.after or '~'}"  # ~ sorts after every character of an id

    def cursor(self, row: Any) -> str:
        """The cursor of the rows after `row`."""
        return str(row.id).removeprefix(f"{self.prefix}_")

    def filters(self) -> dict[str, Any]:
        """The filters that were sent, by name."""
        names = (name for name in self.__struct_fields__ if name not in ("limit", "after"))
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@cache
def page_of(prefix: str) -> type[PageQuery]:
    """The query of a list without filters, of things whose ids begin with `prefix`."""
    return type(f"{prefix.capitalize()}PageQuery", (PageQuery,), {"prefix": prefix})


class SlugPageQuery(PageQuery):
    """A page of a list that is sorted by slug."""

    after: SlugCursor | None = None

    def position(self) -> str:
        """The slug after which the page starts; "" sorts before every slug."""
        return self.after or ""

    def cursor(self, row: Any) -> str:
        """The cursor of the rows after `row`: its slug."""
        return str(row.slug)


Entry = TypeVar("Entry")


class Page(msgspec.Struct, Generic[Entry]):
    """One page of a list; `next` is the path of the next page, or null."""

    data: list[Entry]
    next: Annotated[str | None, Meta(examples=[None])]


def time_cursor(at: Instant, row_id: str) -> str:
    """The position of a row that sorts by an instant, then its id."""
    digits = "".join(character for character in at if character.isdigit())
    return digits + row_id.partition("_")[2]


def time_of(digits: str) -> Instant:
    """The instant in the 17 digits of a cursor; any digits give text that compares with instants."""
    d = digits
    return Instant(f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}.{d[14:]}Z")


def page(
    req: Request,
    resp: Response,
    query: PageQuery,
    rows: Sequence[Row],
    *,
    view: Callable[[Row], Any] | None = None,
) -> None:
    """Answer with one page of the `rows` that were fetched for `query.page()`, each as its `view`."""

    def answer(count: int) -> None:
        following = None
        if len(rows) > count:
            parameters = {**req.params, "after": query.cursor(rows[count - 1])}
            following = f"{quote(req.path)}?{urlencode(parameters)}"
        listed(resp, views[:count], next_page=following)

    shown = rows[: query.limit]
    views: Sequence[Any] = [view(row) for row in shown] if view else shown
    answer(len(views))
    if resp.data is not None and len(resp.data) > MOST_BYTES:
        sizes = accumulate(len(json.encode(one)) for one in views)
        answer(max(1, sum(size <= MOST_BYTES for size in sizes)))
