"""The SQL of events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
import sqlalchemy as sa

from api.events.records import Actor, Event, NumberedEvent, Sight, Subject
from api.events.tables import IS_NUMBERED, events
from api.storage import Among, Prepared, Row, Transaction
from api.times import Instant

_COLUMNS = ("id", "type", "at", "subject_kind", "subject_id", "actor", "about", "data")
_INSERTS = {
    # SQLite has one writer and gives each row the next number, in the order of commits.
    "sqlite": Prepared(sa.insert(events), *_COLUMNS),
    "postgresql": Prepared(
        sa.insert(events).values(position=-sa.func.nextval(sa.literal_column("'events_position_seq'"))),
        *_COLUMNS,
    ),
}


def insert_events(tx: Transaction, happened: Iterable[tuple[str, Actor, Sight]]) -> None:
    """Store what happened: type, who did it, the thing to which it happened."""
    tx.run_many(
        _INSERTS[tx.dialect],
        [
            {
                "id": tx.new_id("evt"),
                "type": kind,
                "at": tx.now,
                "subject_kind": sight.subject.kind,
                "subject_id": sight.subject.id,
                "actor": actor,
                "about": sight.about,
                "data": None if sight.data is None else sight.data.decode(),
            }
            for kind, actor, sight in happened
        ],
    )


_UNNUMBERED = Prepared(sa.select(events.c.id).where(~IS_NUMBERED).limit(sa.literal_column("1")))


def has_unnumbered(tx: Transaction) -> bool:
    """Whether an event is committed that has no position yet."""
    return tx.row(_UNNUMBERED) is not None


# The lock is only tried: whoever waited for it would number by what there was before.
_LOCK = sa.text("SELECT pg_try_advisory_xact_lock(7312001)")
_last = (
    sa.select(sa.func.coalesce(sa.func.max(events.c.position), 0).label("position"))
    .where(IS_NUMBERED)
    .cte("last")
)
_order = (
    sa.select(events.c.id, sa.func.row_number().over(order_by=events.c.position.desc()).label("place"))
    .where(~IS_NUMBERED)
    .cte("unnumbered")
)
_NUMBER = (
    sa.update(events)
    .where(events.c.id == _order.c.id)
    .values(position=_order.c.place + sa.select(_last.c.position).scalar_subquery())
)


def number_events(tx: Transaction) -> None:
    """Give every committed event that has none the next position, unless another does so right now."""
    if tx.dialect == "sqlite" or tx.value(_LOCK):  # SQLite has some from a backup of PostgreSQL at most
        tx.run(_NUMBER)


_EVENT = [events.c[name] for name in ("position", "id", "type", "at", "actor", "data")]
_SUBJECT = [events.c.subject_kind, events.c.subject_id]
_LIST = (
    sa.select(*_EVENT, *_SUBJECT)
    .where(events.c.position > sa.bindparam("after"), Among(events.c.type, "types"))
    .order_by(events.c.position)
    .limit(sa.bindparam("most"))
)
_LATEST = (
    sa.select(*_EVENT, *_SUBJECT)
    .where(
        events.c.position > sa.bindparam("after"),
        events.c.position < sa.bindparam("before"),
        Among(events.c.type, "types"),
    )
    .order_by(events.c.position.desc())
    .limit(sa.bindparam("most"))
)
_OF_SUBJECT = events.c.subject_id == sa.bindparam("subject")


def list_events(
    tx: Transaction,
    *,
    after: int,
    before: int | None = None,
    types: Collection[str],
    subject: str | None,
    most: int,
) -> list[NumberedEvent]:
    """The next events of these types, oldest first; with `before`, the latest of those, newest first."""
    statement = _LIST if before is None else _LATEST
    bounds: dict[str, object] = {"after": after, "types": list(types), "most": most}
    if before is not None:
        bounds["before"] = before
    if subject is not None:
        statement, bounds["subject"] = statement.where(_OF_SUBJECT), subject
    return [_event(row) for row in tx.rows(statement, **bounds)]


_BY_ID = sa.select(*_EVENT, *_SUBJECT).where(events.c.id == sa.bindparam("event_id"))


def find_event(tx: Transaction, *, event_id: str) -> Event | None:
    """The event of that id."""
    row = tx.row(_BY_ID, event_id=event_id)
    return _event(row).event if row else None


def _event(row: Row) -> NumberedEvent:
    return NumberedEvent(
        row.position,
        Event(
            id=row.id,
            type=row.type,
            at=row.at,
            subject=Subject(row.subject_kind, row.subject_id),
            actor=row.actor,
            data=None if row.data is None else msgspec.json.decode(row.data),
        ),
    )


_ENDS = Prepared(sa.select(sa.func.min(events.c.position), sa.func.max(events.c.position)).where(IS_NUMBERED))


def first_and_last(tx: Transaction) -> tuple[int, int]:
    """The positions of the first and the last event that are stored; 1 and 0 if there is none."""
    row = tx.row(_ENDS)
    return (1, 0) if row is None or row[0] is None else (row[0], row[1])


_OLD = (
    sa.select(events.c.id)
    .where(
        IS_NUMBERED,
        events.c.position < sa.select(sa.func.max(events.c.position)).scalar_subquery(),
        events.c.at < sa.bindparam("before"),
    )
    .order_by(events.c.position)
    .limit(sa.bindparam("most"))
    .cte("old")
)
_DELETE_OLD = sa.delete(events).where(events.c.id.in_(sa.select(_OLD.c.id)))


def delete_old(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many events from before then, never the last, which the next one counts from."""
    return tx.run(_DELETE_OLD, before=before, most=most)


_EMPTY = sa.update(events).where(events.c.about == sa.bindparam("account")).values(data=None, about=None)


def empty_events(tx: Transaction, *, account_id: str) -> None:
    """Remove the data of all events about the account."""
    tx.run(_EMPTY, account=account_id)


_ADOPT = sa.update(events).where(Among(events.c.about, "orders")).values(about=sa.bindparam("account"))


def update_about(tx: Transaction, orders: Sequence[str], *, account_id: str) -> None:
    """Let the events about guests of these orders be about the account."""
    tx.run(_ADOPT, orders=list(orders), account=account_id)
