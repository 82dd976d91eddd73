"""Background work as a table of contents: every kind of job and every chore."""

from __future__ import annotations

from api.jobs.worker import Tasks
from api.settings import Settings
from api.storage import Database


def tasks(db: Database, settings: Settings) -> Tasks:
    """Kind of job → how to do it, and the chores."""
    del db, settings
    return Tasks()
