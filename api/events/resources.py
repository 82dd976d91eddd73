"""The HTTP door to the log of events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from api.events import rules
from api.events.records import Event, TypePattern
from api.ids import PATTERN
from api.roles import EVENTS_READ
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import DEFAULT, MOST
from api.web.responses import answer

NOW = "now"
"""The cursor behind the last event."""

BEHIND_ALL = 10**18
"""More than any cursor."""

Cursor = Annotated[str, Meta(pattern=r"^(now|[0-9]{1,18})\Z")]
SubjectId = Annotated[str, Meta(pattern=rf"^[a-z]{{2,8}}_{PATTERN}\Z")]


class EventQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The next events; `after=now` begins with those that happen from now on.

    `before=now` shows the latest instead, newest first.
    """

    limit: Annotated[int, Meta(ge=1, le=MOST)] = DEFAULT
    after: Cursor | None = None
    before: Cursor | None = None
    type: TypePattern | None = None
    subject: SubjectId | None = None


class EventPage(Struct):
    """The next events, oldest first; send `cursor` as `after` to go on, now or later.

    With `before`, newest first: send `cursor` as `before` to go back further.
    """

    data: list[Event]
    cursor: Annotated[str, Meta(examples=["4711"])]


@dataclass(frozen=True, eq=False)
class Events:
    db: Database

    @operation(may(EVENTS_READ), query=EventQuery, returns=EventPage, errors=(rules.CursorExpired,))
    def on_get(self, req: Request, resp: Response, query: EventQuery) -> None:
        """List what happened after a cursor, oldest first, or before one, newest first."""
        types = rules.visible_types(req.context.viewer, [query.type] if query.type else ())
        self.db.attempt(partial(rules.number, self.db))
        with self.db.read() as tx:
            page, cursor = rules.read(
                tx,
                after=rules.last_position(tx) if query.after == NOW else _position(query.after),
                before=BEHIND_ALL if query.before == NOW else _position(query.before),
                types=types,
                subject=query.subject,
                most=query.limit,
            )
        answer(resp, EventPage([numbered.event for numbered in page], str(cursor)))


def _position(cursor: str | None) -> int | None:
    return None if cursor is None else int(cursor)
