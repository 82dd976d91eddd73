"""Background work as a table of contents: every kind of job and every chore."""

from __future__ import annotations

from api.events import rules as events
from api.jobs.worker import Chore, Tasks
from api.settings import Settings
from api.storage import Database


def tasks(db: Database, settings: Settings) -> Tasks:
    """Kind of job → how to do it, and the chores."""
    del settings
    return Tasks(
        chores=[
            Chore("number events", lambda: events.number(db), every=0.5),
            Chore("delete old events", lambda: events.sweep(db), every=3_600),
        ]
    )
