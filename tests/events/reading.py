"""Reads the log of events for tests."""

from __future__ import annotations

from api.events import rules
from api.events.records import Event
from api.storage import Database


def happened(db: Database, *, subject: str | None = None, after: int = 0) -> list[Event]:
    """The events so far, oldest first."""
    rules.number(db)
    with db.read() as tx:
        page, _ = rules.read(tx, after=after, types=rules.TYPES, subject=subject, most=10_000)
    return [numbered.event for numbered in page]


def types(db: Database, *, subject: str | None = None, after: int = 0) -> list[str]:
    """Their types."""
    return [event.type for event in happened(db, subject=subject, after=after)]


def last(db: Database) -> int:
    """The position of the last event."""
    rules.number(db)
    with db.read() as tx:
        return rules.last_position(tx)
