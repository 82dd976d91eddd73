"""The log: whatever happens is written down once, by its own transaction, and everybody else reads it here.

Positions are given in the order of commits, so that whoever has read up to one has missed nothing before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, get_args

from api import times
from api.errors import Gone
from api.events import queries
from api.events.records import Actor, EventType, NumberedEvent, Sight, Subject, SubjectKind
from api.roles import CUSTOMER, EVENTS_READ, Role, Viewer
from api.storage import Database, Transaction

DAYS = 30
_DELETED: Mapping[SubjectKind, EventType] = {
    "article": "article.deleted",
    "comment": "comment.deleted",
    "item": "item.deleted",
    "media": "media.deleted",
}
TYPES: tuple[EventType, ...] = get_args(EventType)
_SEEN_BY = {
    "owner": ("*",),
    "shopkeeper": ("order.*", "payment.*", "refund.*", "stock.*", "item.*"),
    "editor": ("article.*", "comment.*"),
}


class CursorExpired(Gone):
    """The events after this cursor are too old, or from before a backup was restored."""

    code, title = "cursor-expired", "Cursor expired"
    remedy = "Read the lists again, then go on with ?after=now."


def note(tx: Transaction, kind: EventType, thing: Any, *, actor: Viewer | Actor | None = None) -> None:
    """Write down that something happened to `thing`, a record; without an actor it happened by itself."""
    note_each(tx, [(kind, thing)], actor=actor)


def note_each(
    tx: Transaction, happened: Iterable[tuple[EventType, Any]], *, actor: Viewer | Actor | None = None
) -> None:
    """Write down all of this, in its order and in one statement; each is what happened, and to what."""
    noted: list[tuple[EventType, Actor, Sight]] = []
    last, sight = None, None
    for kind, thing in happened:
        if sight is None or thing is not last:
            last, sight = thing, tx.sight_of(thing)
        noted.append((kind, _actor(actor, sight), sight))
    queries.insert_events(tx, noted)


def note_deleted(
    tx: Transaction, subject: SubjectKind, ids: Iterable[str], *, actor: Viewer | Actor | None = None
) -> None:
    """Write down that the things of these ids are no longer there."""
    kind = _DELETED[subject]
    sights = (Sight(Subject(subject, ref), None) for ref in ids)
    queries.insert_events(tx, [(kind, _actor(actor, sight), sight) for sight in sights])


def _actor(actor: Viewer | Actor | None, sight: Sight) -> Actor:
    if actor is None:
        return "system"
    if isinstance(actor, str):
        return actor
    own = sight.about == actor.id and sight.subject.kind in ("order", "payment")
    return "buyer" if own else actor_of(actor.role)


def actor_of(role: Role) -> Actor:
    """Who somebody of this role is to the log."""
    return "buyer" if role == CUSTOMER else "staff"


def visible_types(viewer: Viewer, patterns: Collection[str] = ()) -> list[EventType]:
    """The types that the viewer may see, of those that match one of the patterns such as `order.*`."""
    allowed = _SEEN_BY.get(viewer.role, ()) if viewer.may(EVENTS_READ) else ()
    seen = [kind for kind in TYPES if any(fnmatchcase(kind, pattern) for pattern in allowed)]
    return [kind for kind in seen if not patterns or any(fnmatchcase(kind, each) for each in patterns)]


def read(
    tx: Transaction,
    *,
    after: int | None,
    before: int | None = None,
    types: Collection[str],
    subject: str | None,
    most: int,
) -> tuple[list[NumberedEvent], int]:
    """The events between two positions, and the position from which to go on; CursorExpired.

    Oldest first, or newest first with `before`. Without `after`, from the oldest that is stored.
    """
    first, last = queries.first_and_last(tx)
    start = first - 1 if after is None else after
    if not first - 1 <= start <= last:
        raise CursorExpired
    page = queries.list_events(tx, after=start, before=before, types=types, subject=subject, most=most)
    if len(page) == most:
        return page, page[-1].position
    return page, last if before is None else start


def last_position(tx: Transaction) -> int:
    """The position of the last event."""
    return queries.first_and_last(tx)[1]


def number(db: Database) -> None:
    """Give the events committed so far their positions."""
    with db.read() as tx:
        if not queries.has_unnumbered(tx):
            return
    with db.write() as tx:
        queries.number_events(tx)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the events that are too old, and return how many."""
    before = times.later(tx.now, days=-DAYS)
    return queries.delete_old(tx, before=before, most=most)


def adopt(tx: Transaction, orders: Sequence[str], *, account_id: str) -> None:
    """Let the events about guests of these orders be about the account, with which they are then erased."""
    queries.update_about(tx, orders, account_id=account_id)


def forget(tx: Transaction, *, account_id: str) -> None:
    """Remove the data of all events about an erased account."""
    queries.empty_events(tx, account_id=account_id)
